// One rule of a user: where a call looks for him, on the same timeline as a group.
import { NativeSelect, NumberInput, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAll } from '../api/lists';
import type { Rule, Schedule, Sound } from '../api/types';
import * as edit from '../groups/edit';
import { GroupTimeline } from '../groups/group_timeline';
import { MemberDialog } from '../groups/member_dialog';
import { nameOf, type Line, type PlanPart } from '../groups/plan';
import { saidOfGroup, sentence } from '../groups/sentence';
import { useFormat } from '../i18n/format';
import { DestinationInput } from '../parts/destination';
import { TargetInput } from '../parts/target_input';
import { useNames } from '../people/names';

export const kRuleLength = 30;

/** A rule as a plan in stages. */
export function planPartOf(rule: Rule): PlanPart {
  return {
    strategy: 'stages',
    members: [],
    stages: rule.stages,
    repeat: rule.repeat ?? (rule.mode === 'extend_ring' ? 'forever' : 1),
    fallback: kRuleLength,
    ...(rule.mode === 'extend_ring' ? { timeout: rule.max_hold } : {}),
  };
}

interface Props {
  rule: Rule;
  change: (rule: Rule) => void;
  readOnly: boolean;
  /** An administrator also says whether the user may change it. */
  mayLock: boolean;
  /** Lists that the user may not read are typed instead of chosen. */
  office: boolean;
  fieldError: (pointer: string) => string | undefined;
}

function Conditions({ rule, change, readOnly, mayLock, office, fieldError }: Props) {
  const { t } = useTranslation();
  const schedules = useAll<Schedule>('office', '/api/v1/schedules', {}, office);
  const sounds = useAll<Sound>('office', '/api/v1/sounds', {}, office);
  const set = (changes: Partial<Rule>) => change({ ...rule, ...changes });
  const music = [...new Set(['default', ...sounds.items.map((one) => one.name), rule.music])];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput label={t('rule.name')} value={rule.name} disabled={readOnly} onChange={(event) => set({ name: event.currentTarget.value })} error={fieldError('/name')} />
      <NativeSelect
        label={t('rule.mode')}
        description={t(`rule.note_${rule.mode}`)}
        value={rule.mode}
        disabled={readOnly}
        onChange={(event) => set({ mode: event.currentTarget.value as Rule['mode'] })}
        data={(['follow_me', 'extend_ring'] as const).map((value) => ({ value, label: t(`rule.${value}`) }))}
      />
      {office ? (
        <NativeSelect
          label={t('rule.when')}
          value={rule.when}
          disabled={readOnly}
          onChange={(event) => set({ when: event.currentTarget.value })}
          data={[{ value: '', label: t('rule.always') }, ...[...new Set([...schedules.items.map((one) => one.name), rule.when])].filter(Boolean)]}
          error={fieldError('/when')}
        />
      ) : (
        <TextInput
          label={t('rule.when')}
          description={t('rule.whenTyped')}
          value={rule.when}
          disabled={readOnly}
          onChange={(event) => set({ when: event.currentTarget.value })}
          error={fieldError('/when')}
        />
      )}
      <TagsInput
        label={t('rule.callers')}
        description={t('rule.callersNote')}
        value={rule.callers}
        disabled={readOnly}
        onChange={(callers) => set({ callers })}
        error={fieldError('/callers') ?? fieldError('/callers/0')}
      />
      {rule.mode === 'extend_ring' && (
        <NumberInput
          label={t('rule.maxHold')}
          value={rule.max_hold}
          min={1}
          max={7200}
          disabled={readOnly}
          onChange={(value) => set({ max_hold: value === '' ? 300 : Number(value) })}
          error={fieldError('/max_hold')}
        />
      )}
      {rule.mode === 'extend_ring' && (
        <NativeSelect
          label={t('rule.music')}
          value={rule.music}
          disabled={readOnly}
          onChange={(event) => set({ music: event.currentTarget.value })}
          data={music.map((value) => ({ value, label: value === 'default' ? t('rule.musicDefault') : value }))}
        />
      )}
      <Switch label={t('rule.enabled')} checked={rule.enabled} disabled={readOnly} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
      {mayLock && <Switch label={t('rule.locked')} checked={rule.locked} onChange={(event) => set({ locked: event.currentTarget.checked })} />}
    </SimpleGrid>
  );
}

export function RuleEditor(props: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { rule, change, readOnly } = props;
  const [opened, setOpened] = useState<Line>();
  const targets = useMemo(() => rule.stages.flatMap((stage) => stage.ring).map(nameOf), [rule.stages]);
  const name = useNames(props.office ? targets : []);
  const part = planPartOf(rule);
  const said = saidOfGroup({ ...part, finally: rule.finally ?? {} });
  const changePart = (make: (now: PlanPart) => PlanPart) => change({ ...rule, stages: make(part).stages });
  return (
    <Stack>
      <p className="sentence" data-testid="rule-sentence">
        {sentence({ t, name, list: format.list }, said, undefined)}
      </p>
      <GroupTimeline
        group={part}
        change={changePart}
        health={() => undefined}
        name={name}
        open={setOpened}
        readOnly={readOnly}
        callerHears={rule.mode === 'extend_ring' ? t('hears.music') : t('hears.ringback')}
        fieldError={props.fieldError}
        then={
          readOnly ? null : (
            <DestinationInput
              label={t('group.thenLabel')}
              value={rule.finally as Record<string, string> | undefined}
              empty={t('rule.noThen')}
              onChange={(value) => change({ ...rule, finally: value })}
              kinds={props.office ? undefined : ['mailbox', 'user', 'number', 'busy', 'hangup']}
            />
          )
        }
      />
      {!readOnly && (
        <AddRing add={(value) => changePart((now) => edit.addMember(addedStage(now), { ring: value }, Number.MAX_SAFE_INTEGER))} office={props.office} />
      )}
      <Conditions {...props} />
      <MemberDialog group={part} line={opened} name={name} change={changePart} close={() => setOpened(undefined)} />
    </Stack>
  );
}

// A new place to ring comes after the others; it is pulled into another stage when they ring together.
function addedStage(part: PlanPart): PlanPart {
  return { ...part, stages: [...part.stages, { ring: [], for: kRuleLength }] };
}

function AddRing({ add, office }: { add: (value: string) => void; office: boolean }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  if (office) return <TargetInput label={t('rule.add')} description={t('rule.addNote')} kinds={['users']} onChoose={(chosen) => add(chosen.value)} />;
  return (
    <TextInput
      label={t('rule.add')}
      description={t('rule.addNote')}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !typed.trim()) return;
        event.preventDefault();
        add(typed.trim());
        setTyped('');
      }}
    />
  );
}
