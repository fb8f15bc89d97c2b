// One member in exact numbers, with everything that holds for him in this group.
import { Button, Group as Row, Modal, NativeSelect, NumberInput, SimpleGrid, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Member } from '../api/types';
import { memberAt, withMember } from './edit';
import { nameOf, type Line, type PlanPart } from './plan';

type Change = (change: (group: PlanPart) => PlanPart) => void;

export function MemberDialog({ group, line, name, change, close }: { group: PlanPart; line: Line | undefined; name: (target: string) => string; change: Change; close: () => void }) {
  const { t } = useTranslation();
  const member = line && memberAt(group, line);
  if (!line || !member) return null;
  const set = (changes: Partial<Member>) => change((now) => withMember(now, line, changes));
  const number = (field: 'after' | 'for' | 'priority' | 'weight', least: number, most: number, note: string) => (
    <NumberInput
      label={t(`member.${field}`)}
      description={note}
      value={member[field] ?? ''}
      min={least}
      max={most}
      allowDecimal={false}
      onChange={(value) => set({ [field]: value === '' ? undefined : Number(value) })}
      hideControls={false}
    />
  );
  const strategy = group.strategy;
  const inTurn = !['ring_all', 'page', 'staggered', 'rollover', 'stages'].includes(strategy);
  return (
    <Modal opened onClose={close} title={name(nameOf(member))} closeButtonProps={{ 'aria-label': t('common.close') }} size="lg">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {(strategy === 'staggered' || strategy === 'stages') && number('after', 0, 3599, t('member.afterNote'))}
          {strategy !== 'ring_all' && strategy !== 'page' && number('for', 1, 3600, t('member.forNote'))}
          {(strategy === 'sequential' || strategy === 'round_robin') &&
            number('priority', 1, 1000, t('member.priorityNote'))}
          {strategy === 'weighted' && number('weight', 0, 1000, t('member.weightNote'))}
          <NativeSelect
            label={t('member.confirm')}
            description={t('member.confirmNote')}
            value={member.confirm ?? ''}
            onChange={(event) =>
              set({ confirm: (event.currentTarget.value || undefined) as Member['confirm'] })
            }
            data={[
              { value: '', label: t('member.asGroup') },
              { value: 'auto', label: t('confirm.auto') },
              { value: 'never', label: t('confirm.never') },
              { value: 'always', label: t('confirm.always') },
            ]}
          />
          {(inTurn || strategy === 'staggered' || strategy === 'stages') && (
            <NativeSelect
              label={t('member.timer_from')}
              description={t('member.timerNote')}
              value={member.timer_from ?? 'dialling'}
              onChange={(event) => set({ timer_from: event.currentTarget.value as 'dialling' | 'ringing' })}
              data={[
                { value: 'dialling', label: t('member.fromDialling') },
                { value: 'ringing', label: t('member.fromRinging') },
              ]}
            />
          )}
        </SimpleGrid>
        <Switch
          label={t('member.enabled')}
          checked={member.enabled !== false}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <Switch
          label={t('member.logged_in')}
          checked={member.logged_in !== false}
          onChange={(event) => set({ logged_in: event.currentTarget.checked })}
        />
        <Switch
          label={t('member.paused')}
          checked={(member.paused ?? '') !== ''}
          onChange={(event) => set({ paused: event.currentTarget.checked ? 'yes' : '' })}
        />
        <Row justify="flex-end">
          <Button onClick={close}>{t('common.done')}</Button>
        </Row>
      </Stack>
    </Modal>
  );
}
