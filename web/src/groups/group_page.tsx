// One group: who is rung when, in a picture that can be pulled, and in one sentence.
import { Button, Group as Row, Stack, Switch, TagsInput, Text, TextInput, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useThing } from '../api/lists';
import type { Group, GroupHealth, Member } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { Findings, SaveBar } from '../edit/save_bar';
import { useFormat } from '../i18n/format';
import { FinallyInput } from '../parts/finally_input';
import { Failed, Loading, PageHead, Tag } from '../parts/states';
import { TargetInput, type Chosen } from '../parts/target_input';
import { useNames } from '../people/names';
import { mayChange, useMyself } from '../session/session';
import * as edit from './edit';
import { GroupTimeline } from './group_timeline';
import { MemberDialog } from './member_dialog';
import { nameOf, planOf, type Line, type PlanPart } from './plan';
import { saidOfGroup, saidOfStory, sentence } from './sentence';
import { GroupSettings } from './settings';
import { FilledIn, StrategyPicker } from './strategies';
import { useGroupStory } from './use_story';
import { useWarnings } from './warnings';

function memberOf(chosen: Chosen): Member {
  return chosen.kind === 'groups' ? { group: chosen.value } : { ring: chosen.value };
}

function useHealth(id: string, group: Group | undefined) {
  const { data } = useThing<GroupHealth>('state', '/api/v1/groups/{id}/health', id, group !== undefined);
  const byTarget = useMemo(
    () => new Map((data?.data.members ?? []).map((one) => [one.target, one])),
    [data],
  );
  return { all: data?.data, of: (member: Member) => byTarget.get(nameOf(member)) };
}

function NumberChips({ label, value, pointer, fieldError, onChange, disabled }: { label: string; value: string[]; pointer: string; fieldError: (pointer: string) => string | undefined; onChange: (value: string[]) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const error = [pointer, ...value.map((_, i) => `${pointer}/${i}`)].map(fieldError).filter(Boolean).join(' ');
  return (
    <TagsInput
      label={label}
      description={t('common.enterAdds')}
      value={value}
      onChange={onChange}
      disabled={disabled}
      error={error || undefined}
      clearable={false}
      style={{ flex: '1 1 16rem' }}
    />
  );
}

export default function GroupPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useMyself();
  const [, go] = useLocation();
  const editor = useEditor<Group>('/api/v1/groups/{id}', id);
  const removing = useRemoving();
  const { draft: group, base } = editor;
  const health = useHealth(base?.id ?? id, group);
  const story = useGroupStory(group);
  const [opened, setOpened] = useState<Line>();
  const [stagePlace, setStagePlace] = useState(0);
  const targets = useMemo(() => {
    if (!group) return [];
    const members = [...group.members, ...group.stages.flatMap((stage) => stage.ring)].map(nameOf);
    // A mailbox with a number is a person's.
    const ends = JSON.stringify(group.finally ?? {}).match(/"(?:(?:user|group)":"[^"]+|mailbox":"\d+)"/g) ?? [];
    return [...members, ...ends.map((part) => part.replace(/^.*:"|"$/g, ''))];
  }, [group]);
  const known = useMemo(
    () => Object.fromEntries((health.all?.members ?? []).filter((one) => one.name).map((one) => [one.target, one.name])),
    [health.all],
  );
  const name = useNames(targets, known);
  const warnings = useWarnings(group, name);
  if (editor.loading) return <Loading />;
  if (!group || !base) return <Failed error={editor.error} retry={editor.reload} />;

  const names = [base.id, base.name, ...base.extensions];
  const manages = session.role === 'group_manager' && session.groups.some((one) => names.includes(one));
  const readOnly = !mayChange(session) && !manages;
  const words = { t, name, list: format.list };
  const said = story?.story ? saidOfStory(story.story) : saidOfGroup(group);
  const change = (make: (now: Group) => Group) => editor.change(make);
  // Its functions keep whatever else a group has.
  const changePlan = (make: (now: PlanPart) => PlanPart) => editor.change((now) => make(now) as Group);
  const fieldError = (pointer: string) =>
    editor.fieldError(pointer) ??
    story?.findings.filter((one) => one.pointer === pointer || one.pointer === `/group${pointer}`).map((one) => one.detail).join(' ');
  const hears = typeof group.caller_hears === 'string' ? group.caller_hears : group.caller_hears.sound;
  const plan = planOf(group);
  return (
    <>
      <PageHead title={group.name || t('group.unnamed')} icon="groups">
        {health.all && (
          <Tag kind={health.all.can_ring > 0 ? 'good' : 'bad'}>
            {t('group.canRing', { now: health.all.can_ring, of: health.all.of })}
          </Tag>
        )}
        <Switch
          label={group.enabled ? t('common.on') : t('common.off')}
          aria-label={t('group.enabled')}
          checked={group.enabled}
          disabled={readOnly}
          onChange={(event) => editor.change({ enabled: event.currentTarget.checked })}
        />
        <Button
          component={Link}
          href={`/simulator?number=${encodeURIComponent(group.extensions[0] ?? group.numbers[0] ?? '')}`}
          variant="default"
          size="xs"
        >
          {t('group.simulate')}
        </Button>
      </PageHead>
      <Stack>
        <p className="sentence panel" data-testid="sentence" data-source={story?.story ? 'server' : 'page'}>
          {sentence(words, said, group.strategy)}
        </p>
        {!readOnly && <SaveBar editor={editor} />}
        <FilledIn base={base} draft={group} name={name} onBack={() => change((now) => ({ ...now, ...pick(base) }))} />
        <Findings title={t('group.attention')} findings={warnings} />
        {story && story.findings.length > 0 && !editor.problem && (
          <Findings title={t('group.cannotWork')} findings={story.findings} bad />
        )}
        <GroupTimeline
          group={group}
          change={changePlan}
          health={health.of}
          name={name}
          open={setOpened}
          readOnly={readOnly}
          callerHears={hears === 'ringback' || hears === 'music' ? t(`hears.${hears}`) : hears}
          fieldError={fieldError}
          then={
            readOnly ? (
              <Text>{sentence(words, { ...said, stages: [] }, undefined)}</Text>
            ) : (
              <FinallyInput value={group.finally} change={(next) => editor.change({ finally: next } as Partial<Group>)} fieldError={fieldError} />
            )
          }
        />
        {!readOnly && (
          <Row align="flex-end">
            <TargetInput
              label={t('group.addMember')}
              description={plan.bars.length === 0 ? t('group.nobodyYet') : t('group.addMemberNote')}
              kinds={['users', 'groups']}
              onChoose={(chosen) => change((now) => edit.addMember(now, memberOf(chosen), stagePlace))}
              autoFocus={plan.bars.length === 0}
              testId="add-member"
            />
            {group.strategy === 'stages' && group.stages.length > 1 && (
              <TextInput
                label={t('group.intoStage')}
                type="number"
                min={1}
                max={group.stages.length}
                value={stagePlace + 1}
                onChange={(event) => setStagePlace(Math.max(0, Number(event.currentTarget.value) - 1))}
                w="7rem"
              />
            )}
            {group.strategy !== 'staggered' && plan.bars.length > 0 && (
              <Button variant="default" onClick={() => change((now) => edit.withStrategy(now, 'staggered'))}>
                {t('group.makeCustom')}
              </Button>
            )}
          </Row>
        )}
        <StrategyPicker
          value={group.strategy}
          disabled={readOnly}
          onChange={(strategy) => change((now) => edit.withStrategy(now, strategy))}
        />
        <Row align="flex-start" wrap="wrap">
          <TextInput
            label={t('group.name')}
            value={group.name}
            disabled={readOnly}
            onChange={(event) => editor.change({ name: event.currentTarget.value })}
            error={fieldError('/name')}
            style={{ flex: '1 1 12rem' }}
          />
          <Textarea
            label={t('group.description')}
            value={group.description}
            disabled={readOnly}
            rows={1}
            autosize
            onChange={(event) => editor.change({ description: event.currentTarget.value })}
            style={{ flex: '2 1 16rem' }}
          />
        </Row>
        <Row align="flex-start" wrap="wrap">
          <NumberChips
            label={t('group.extensions')}
            value={group.extensions}
            pointer="/extensions"
            fieldError={fieldError}
            disabled={readOnly}
            onChange={(extensions) => editor.change({ extensions })}
          />
          <NumberChips
            label={t('group.numbers')}
            value={group.numbers}
            pointer="/numbers"
            fieldError={fieldError}
            disabled={readOnly}
            onChange={(numbers) => editor.change({ numbers })}
          />
        </Row>
        <GroupSettings editor={editor} group={group} readOnly={readOnly} />
        {mayChange(session) && (
          <RemoveButton
            what={group.name}
            run={async (replace) => {
              await removing('groups', '/api/v1/groups/{id}', base, `"${base.revision}"`, base.name, replace);
              go('/groups');
            }}
          />
        )}
      </Stack>
      <MemberDialog group={group} line={opened} name={name} change={changePlan} close={() => setOpened(undefined)} />
    </>
  );
}

function pick(base: Group) {
  return { strategy: base.strategy, members: base.members, stages: base.stages, timeout: base.timeout };
}
