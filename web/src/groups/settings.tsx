// What a group has besides its plan: five tabs.
import { NativeSelect, NumberInput, SimpleGrid, Stack, Switch, Tabs, TagsInput, TextInput, ActionIcon, Button, Group as Row } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAll } from '../api/lists';
import type { Flag, Group, Sound } from '../api/types';
import type { Editor } from '../edit/editor';
import { ThingHistory } from '../history/thing_history';
import { DestinationInput } from '../parts/destination';
import { Icon } from '../parts/icon';
import { kTimeout } from './plan';

interface Props {
  editor: Editor<Group>;
  group: Group;
  readOnly: boolean;
}

function soundOf(group: Group): string {
  return typeof group.caller_hears === 'string' ? group.caller_hears : group.caller_hears.sound;
}
function answersFirst(group: Group): boolean {
  return typeof group.caller_hears !== 'string' && group.caller_hears.answer === true;
}

export function CallerTab({ editor, group, readOnly }: Props) {
  const { t } = useTranslation();
  const sounds = useAll<Sound>('office', '/api/v1/sounds');
  const names = [...new Set(['ringback', 'music', ...sounds.items.map((one) => one.name), soundOf(group)])];
  const hear = (sound: string, answer: boolean) =>
    editor.change({ caller_hears: answer ? { sound, answer } : sound });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} pt="md">
      <NativeSelect
        label={t('group.callerHears')}
        value={soundOf(group)}
        disabled={readOnly}
        onChange={(event) => hear(event.currentTarget.value, answersFirst(group))}
        data={names.map((value) => ({ value, label: value === 'ringback' || value === 'music' ? t(`hears.${value}`) : value }))}
        error={editor.fieldError('/caller_hears')}
      />
      <Switch
        mt="xl"
        label={t('group.answerFirst')}
        description={t('group.answerFirstNote')}
        disabled={readOnly}
        checked={answersFirst(group)}
        onChange={(event) => hear(soundOf(group), event.currentTarget.checked)}
      />
      <TextInput
        label={t('group.namePrefix')}
        description={t('group.namePrefixNote')}
        value={group.caller_id.name_prefix}
        disabled={readOnly}
        onChange={(event) =>
          editor.change({ caller_id: { ...group.caller_id, name_prefix: event.currentTarget.value } })
        }
        error={editor.fieldError('/caller_id/name_prefix')}
      />
      <TextInput
        label={t('group.externalId')}
        description={t('group.externalIdNote')}
        value={group.caller_id.external}
        disabled={readOnly}
        onChange={(event) =>
          editor.change({ caller_id: { ...group.caller_id, external: event.currentTarget.value } })
        }
        error={editor.fieldError('/caller_id/external')}
      />
      <TextInput
        label={t('group.ringMelody')}
        description={t('group.ringMelodyNote')}
        placeholder="<http://127.0.0.1/Bellcore-dr3>"
        value={group.ring_melody}
        disabled={readOnly}
        onChange={(event) => editor.change({ ring_melody: event.currentTarget.value })}
        error={editor.fieldError('/ring_melody')}
      />
      <NativeSelect
        label={t('group.confirm')}
        description={t('member.confirmNote')}
        value={group.confirm}
        disabled={readOnly}
        onChange={(event) => editor.change({ confirm: event.currentTarget.value as Group['confirm'] })}
        data={(['auto', 'never', 'always'] as const).map((value) => ({ value, label: t(`confirm.${value}`) }))}
      />
    </SimpleGrid>
  );
}

function RingingTab({ editor, group, readOnly }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} pt="md">
      <NumberInput
        label={t('group.timeout')}
        description={t('group.timeoutNote')}
        value={group.timeout ?? ''}
        placeholder={String(kTimeout)}
        min={1}
        max={3600}
        disabled={readOnly}
        onChange={(value) => editor.change((now) => ({ ...now, timeout: value === '' ? undefined : Number(value) }) as Group)}
        error={editor.fieldError('/timeout')}
      />
      <Stack gap="xs">
        <Switch
          label={t('group.forever')}
          checked={group.repeat === 'forever'}
          disabled={readOnly}
          onChange={(event) => editor.change({ repeat: event.currentTarget.checked ? 'forever' : 1 })}
        />
        {group.repeat !== 'forever' && (
          <NumberInput
            label={t('group.repeat')}
            value={group.repeat}
            min={1}
            max={1000}
            disabled={readOnly}
            onChange={(value) => editor.change({ repeat: value === '' ? 1 : Number(value) })}
            error={editor.fieldError('/repeat')}
          />
        )}
      </Stack>
      <Switch
        label={t('group.skipBusy')}
        checked={group.skip_busy}
        disabled={readOnly}
        onChange={(event) => editor.change({ skip_busy: event.currentTarget.checked })}
      />
      <Switch
        label={t('group.followForwards')}
        checked={group.follow_forwards}
        disabled={readOnly}
        onChange={(event) => editor.change({ follow_forwards: event.currentTarget.checked })}
      />
      <NativeSelect
        label={t('group.decline')}
        value={group.decline}
        disabled={readOnly}
        onChange={(event) => editor.change({ decline: event.currentTarget.value as Group['decline'] })}
        data={(['member', 'group'] as const).map((value) => ({ value, label: t(`decline.${value}`) }))}
      />
      <NativeSelect
        label={t('group.pickup')}
        value={group.pickup}
        disabled={readOnly}
        onChange={(event) => editor.change({ pickup: event.currentTarget.value as Group['pickup'] })}
        data={(['members', 'anyone', 'nobody'] as const).map((value) => ({ value, label: t(`pickup.${value}`) }))}
      />
    </SimpleGrid>
  );
}

function WhenTab({ editor, group, readOnly }: Props) {
  const { t } = useTranslation();
  const flags = useAll<Flag>('office', '/api/v1/flags');
  const names = [...new Set(['all_logged_out', ...flags.items.map((flag) => flag.name), ...group.flags.map((one) => one.flag)])];
  const set = (next: Group['flags']) => editor.change({ flags: next });
  return (
    <Stack pt="md">
      <p style={{ margin: 0 }}>{t('group.flagsNote')}</p>
      {group.flags.map((one, i) => (
        <Row key={i} align="flex-end">
          <NativeSelect
            label={t('group.flag')}
            value={one.flag}
            disabled={readOnly}
            onChange={(event) => set(group.flags.map((old, j) => (j === i ? { ...old, flag: event.currentTarget.value } : old)))}
            data={names.map((value) => ({ value, label: value === 'all_logged_out' ? t('group.allLoggedOut') : value }))}
            error={editor.fieldError(`/flags/${i}/flag`)}
          />
          <DestinationInput
            label={t('group.goesTo')}
            value={one.to}
            onChange={(to) => set(group.flags.map((old, j) => (j === i ? { ...old, to: to ?? { hangup: true } } : old)))}
            {...(editor.fieldError(`/flags/${i}/to`) ? { error: editor.fieldError(`/flags/${i}/to`) ?? '' } : {})}
          />
          {!readOnly && (
            <ActionIcon variant="default" size="lg" aria-label={t('common.remove')} onClick={() => set(group.flags.filter((_, j) => j !== i))}>
              <Icon name="trash" />
            </ActionIcon>
          )}
        </Row>
      ))}
      {!readOnly && (
        <Row>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" />}
            onClick={() => set([...group.flags, { flag: names[1] ?? 'all_logged_out', to: { hangup: true } }])}
          >
            {t('group.addFlag')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function MissedTab({ editor, group, readOnly }: Props) {
  const { t } = useTranslation();
  return (
    <Stack pt="md">
      <Switch
        label={t('group.preventMissed')}
        description={t('group.preventMissedNote')}
        checked={group.prevent_missed_calls}
        disabled={readOnly}
        onChange={(event) => editor.change({ prevent_missed_calls: event.currentTarget.checked })}
      />
      {(['missed', 'daily'] as const).map((kind) => (
        <TagsInput
          key={kind}
          label={t(`group.email_${kind}`)}
          description={t('common.enterAdds')}
          value={group.email[kind]}
          disabled={readOnly}
          onChange={(value) => editor.change({ email: { ...group.email, [kind]: value } })}
          error={editor.fieldError(`/email/${kind}`) ?? editor.fieldError(`/email/${kind}/0`)}
        />
      ))}
    </Stack>
  );
}

function MoreTab({ editor, group, readOnly }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} pt="md">
      <NativeSelect
        label={t('group.record')}
        description={t('group.recordNote')}
        value={group.record}
        disabled={readOnly}
        onChange={(event) => editor.change({ record: event.currentTarget.value as Group['record'] })}
        data={(['off', 'never', 'on', 'always'] as const).map((value) => ({ value, label: t(`record.${value}`) }))}
      />
      <TextInput
        label={t('group.crm')}
        value={group.crm_account}
        disabled={readOnly}
        onChange={(event) => editor.change({ crm_account: event.currentTarget.value })}
        error={editor.fieldError('/crm_account')}
      />
      {(['ring', 'answer', 'missed'] as const).map((kind) => (
        <TextInput
          key={kind}
          label={t(`group.url_${kind}`)}
          description={t('group.urlNote')}
          placeholder="https://crm.example/?n={caller}"
          value={group.action_url[kind]}
          disabled={readOnly}
          onChange={(event) =>
            editor.change({ action_url: { ...group.action_url, [kind]: event.currentTarget.value } })
          }
          error={editor.fieldError(`/action_url/${kind}`)}
        />
      ))}
    </SimpleGrid>
  );
}

export function GroupSettings(props: Props) {
  const { t } = useTranslation();
  const tabs = [
    ['ringing', RingingTab],
    ['caller', CallerTab],
    ['when', WhenTab],
    ['missed', MissedTab],
    ['more', MoreTab],
  ] as const;
  return (
    <Tabs defaultValue="ringing" keepMounted={false}>
      <Tabs.List>
        {tabs.map(([key]) => (
          <Tabs.Tab key={key} value={key}>
            {t(`group.tab_${key}`)}
          </Tabs.Tab>
        ))}
        <Tabs.Tab value="history">{t('page.history')}</Tabs.Tab>
      </Tabs.List>
      {tabs.map(([key, Panel]) => (
        <Tabs.Panel key={key} value={key}>
          <Panel {...props} />
        </Tabs.Panel>
      ))}
      <Tabs.Panel value="history" pt="md">
        <ThingHistory kind="groups" id={props.group.id} />
      </Tabs.Panel>
    </Tabs>
  );
}
