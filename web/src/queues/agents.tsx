// The agents of a queue: in their order, with their state; logging in and pausing hold at once.
import { ActionIcon, Button, Group as Row, NumberInput, Stack, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { put, remove } from '../api/client';
import { useAll } from '../api/lists';
import type { Member, Queue, User } from '../api/types';
import type { Editor } from '../edit/editor';
import { Icon } from '../parts/icon';
import { Empty } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { TargetInput } from '../parts/target_input';
import { useToast } from '../parts/toast';
import { useNames } from '../people/names';
import { StateTag } from '../people/state_tag';

interface Line {
  member: Member;
  place: number;
}
const targetOf = (member: Member) => member.ring ?? member.group ?? '';

function moved(members: Member[], from: number, to: number): Member[] {
  const next = [...members];
  const [taken] = next.splice(from, 1);
  if (taken) next.splice(to, 0, taken);
  return next;
}

/** Holds at once, whatever else of the queue is being changed. */
function useSwitch(queue: Queue) {
  const toast = useToast();
  const queries = useQueryClient();
  return async (what: 'login' | 'pause', on: boolean, target: string) => {
    const path = what === 'login' ? '/api/v1/queues/{id}/members/{member}/login' : '/api/v1/queues/{id}/members/{member}/pause';
    const asked = { path: { id: queue.id, member: target } };
    try {
      if (on) await put(path, { ...asked, ...(what === 'pause' && { body: { until: 'yes' } }) });
      else await remove(path, asked);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['office'] });
    await queries.invalidateQueries({ queryKey: ['state'] });
  };
}

export function Agents({ editor, queue, readOnly, maySwitch }: { editor: Editor<Queue>; queue: Queue; readOnly: boolean; maySwitch: boolean }) {
  const { t } = useTranslation();
  const users = useAll<User>('state', '/api/v1/users', { expand: 'state' });
  const flip = useSwitch(queue);
  const name = useNames(queue.members.map(targetOf));
  const saved = new Map((editor.base?.members ?? []).map((member) => [targetOf(member), member]));
  const change = (members: Member[]) => editor.change({ members });
  const withNumber = (place: number, field: 'priority' | 'weight', value: string | number) =>
    change(
      queue.members.map((member, i) => {
        if (i !== place) return member;
        const next = { ...member };
        if (value === '') delete next[field];
        else next[field] = Number(value);
        return next;
      }),
    );
  const own = queue.strategy === 'weighted' ? 'weight' : queue.strategy === 'sequential' ? 'priority' : undefined;
  const columns: Column<Line>[] = [
    { key: 'who', label: t('queues.agent'), render: ({ member }) => (member.ring ? <Link href={`/people/${encodeURIComponent(member.ring)}`}>{name(member.ring)}</Link> : name(targetOf(member))) },
    { key: 'state', label: t('people.state'), render: ({ member }) => <StateTag state={users.items.find((user) => user.extension === member.ring || user.id === member.ring)?.state} /> },
    {
      key: 'login',
      label: t('queues.login'),
      render: ({ member }) => {
        const held = saved.get(targetOf(member));
        return (
          <Switch
            aria-label={t('queues.loginOf', { name: name(targetOf(member)) })}
            checked={held ? held.logged_in !== false : member.logged_in !== false}
            disabled={!maySwitch || !held}
            onChange={(event) => void flip('login', event.currentTarget.checked, targetOf(member))}
          />
        );
      },
    },
    {
      key: 'pause',
      label: t('queues.pause'),
      render: ({ member }) => {
        const held = saved.get(targetOf(member));
        return (
          <Switch
            aria-label={t('queues.pauseOf', { name: name(targetOf(member)) })}
            checked={(held?.paused ?? '') !== ''}
            disabled={!maySwitch || !held}
            onChange={(event) => void flip('pause', event.currentTarget.checked, targetOf(member))}
          />
        );
      },
    },
    ...(own
      ? [
          {
            key: own,
            label: t(`member.${own}`),
            render: ({ member, place }: Line) => (
              <NumberInput aria-label={t('queues.numberOf', { what: t(`member.${own}`), name: name(targetOf(member)) })} value={member[own] ?? ''} min={own === 'weight' ? 0 : 1} max={1000} w={90} disabled={readOnly} onChange={(value) => withNumber(place, own, value)} error={editor.fieldError(`/members/${place}/${own}`)} />
            ),
          },
        ]
      : []),
    ...(readOnly
      ? []
      : [
          {
            key: 'actions',
            label: '',
            render: ({ member, place }: Line) => (
              <Row gap={4} wrap="nowrap">
                <ActionIcon variant="default" aria-label={t('queues.up', { name: name(targetOf(member)) })} disabled={place === 0} onClick={() => change(moved(queue.members, place, place - 1))}>
                  <Icon name="up" />
                </ActionIcon>
                <ActionIcon variant="default" aria-label={t('queues.down', { name: name(targetOf(member)) })} disabled={place === queue.members.length - 1} onClick={() => change(moved(queue.members, place, place + 1))}>
                  <Icon name="down" />
                </ActionIcon>
                <ActionIcon variant="default" aria-label={t('common.removeWhat', { what: name(targetOf(member)) })} onClick={() => change(queue.members.filter((_, i) => i !== place))}>
                  <Icon name="trash" />
                </ActionIcon>
              </Row>
            ),
          },
        ]),
  ];
  return (
    <Stack>
      {queue.members.length === 0 ? (
        <Empty text={t('queues.noAgents')} />
      ) : (
        <DataTable label={t('queues.agents')} columns={columns} rows={queue.members.map((member, place) => ({ member, place }))} idOf={({ member, place }) => `${targetOf(member)} ${place}`} />
      )}
      {!readOnly && (
        <TargetInput
          label={t('queues.addAgent')}
          description={t('queues.addAgentNote')}
          kinds={['users']}
          onChoose={({ value }) => {
            if (!queue.members.some((member) => member.ring === value)) change([...queue.members, { ring: value }]);
          }}
        />
      )}
      <MayLogIn editor={editor} queue={queue} readOnly={readOnly} />
    </Stack>
  );
}

function MayLogIn({ editor, queue, readOnly }: { editor: Editor<Queue>; queue: Queue; readOnly: boolean }) {
  const { t } = useTranslation();
  const name = useNames(queue.may_log_in);
  const errors = queue.may_log_in.map((_, i) => editor.fieldError(`/may_log_in/${i}`)).filter(Boolean).join(' ');
  return (
    <Stack gap="xs">
      <Row gap="xs" role="group" aria-label={t('queues.mayLogIn')}>
        <strong>{t('queues.mayLogIn')}</strong>
        {queue.may_log_in.length === 0 && <span>{t('queues.nobodyElse')}</span>}
        {queue.may_log_in.map((who) =>
          readOnly ? (
            <span key={who} className="tag">
              {name(who)}
            </span>
          ) : (
            <Button key={who} size="compact-sm" variant="default" rightSection={<Icon name="close" />} aria-label={t('common.removeWhat', { what: name(who) })} onClick={() => editor.change({ may_log_in: queue.may_log_in.filter((one) => one !== who) })}>
              {name(who)}
            </Button>
          ),
        )}
      </Row>
      {errors && <p role="alert">{errors}</p>}
      {!readOnly && (
        <TargetInput
          label={t('queues.addMayLogIn')}
          description={t('queues.mayLogInNote')}
          kinds={['users']}
          onChoose={({ value }) => {
            if (!queue.may_log_in.includes(value)) editor.change({ may_log_in: [...queue.may_log_in, value] });
          }}
        />
      )}
    </Stack>
  );
}
