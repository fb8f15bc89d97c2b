// Calls as lanes while they ring and talk, and people with their state.
import { Button, Group as Row, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { post } from '../api/client';
import { useAll, useList } from '../api/lists';
import type { Attempt, CallRecord, LiveCall, User } from '../api/types';
import { useFormat } from '../i18n/format';
import { useResult, useWhy } from '../i18n/why';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { useUrlState } from '../parts/url_state';
import { useNames } from '../people/names';
import { mayChange, useMyself } from '../session/session';
import { useStreamState } from '../stream/use_stream';
import { axisEnd } from '../timeline/scale';
import { Axis, Bar, Track, type BarKind } from '../timeline/track';
import { NewCall, PickUpDialog, TransferDialog, useOrder } from './actions';
import { carryCall } from './drag';
import { People } from './people_grid';
import { useMayAct } from './rights';

/** The time, ten times a second while something moves. */
function useNow(moving: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [moving]);
  return now;
}

function kindOf(attempt: Attempt): BarKind {
  if (attempt.result === 'won') return 'good';
  return attempt.ended_at_ms === null ? 'rings' : 'off';
}

/** What is asked about a call; `to`: whom it was dropped on. */
interface Asked {
  call: string;
  what: 'pickUp' | 'transfer';
  to: string;
}

interface LaneProps {
  call: LiveCall;
  now: number;
  name: (target: string) => string;
  may: boolean;
  chosen: boolean;
  asked: Asked | undefined;
  ask: (asked: Asked | undefined) => void;
}

function Lane({ call, now, name, may, chosen, asked, ask }: LaneProps) {
  const { t } = useTranslation();
  const result = useResult();
  const why = useWhy();
  const order = useOrder();
  const setDialog = (what: Asked['what']) => ask({ call: call.id, what, to: '' });
  const close = () => ask(undefined);
  const at = Math.max(0, (now - Date.parse(call.started)) / 1000);
  const talking = call.state === 'talking';
  const planned = Math.max(0, ...call.attempts.map((one) => (one.planned_at_ms + (one.planned_for_ms ?? 0)) / 1000));
  const axis = axisEnd(Math.max(planned, talking ? call.wait_ms / 1000 : at));
  const hangUp = () => order(() => post('/api/v1/calls/{id}/actions', { path: { id: call.id }, body: { action: 'hangup' } }));
  const rings = call.state === 'hunting';
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (!may || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'h') void hangUp();
    else if (event.key === 't' && talking) setDialog('transfer');
    else if (event.key === 'p' && rings) setDialog('pickUp');
    else return;
    event.preventDefault();
  };
  const caller = call.from_name && call.from_name !== call.from ? `${call.from_name} (${call.from})` : call.from;
  return (
    <section
      className="tl"
      data-testid="live-call"
      tabIndex={0}
      onKeyDown={onKey}
      aria-label={t('live.call', { from: caller, to: call.dialled })}
      style={chosen ? { outline: '3px solid var(--bar)' } : undefined}
    >
      <Row p="xs" justify="space-between" wrap="wrap">
        <Row
          gap="xs"
          draggable={may && (talking || rings)}
          onDragStart={(event) => carryCall(event, call.id)}
          style={may && (talking || rings) ? { cursor: 'grab' } : undefined}
          data-testid="live-handle"
        >
          {may && (talking || rings) && <Icon name="drag" />}
          <strong>{caller}</strong> → {call.group || call.dialled}
          <Tag kind={talking ? 'good' : 'warn'}>{t(`live.state_${call.state}`)}</Tag>
          {talking && <Text size="sm">{t('live.with', { name: name(call.answered_by) })}</Text>}
          <Text size="sm" c="dimmed">
            {Math.floor(at / 60)}:{String(Math.floor(at % 60)).padStart(2, '0')}
          </Text>
        </Row>
        {may && (
          <Row gap="xs">
            {rings && (
              <Button size="xs" variant="default" onClick={() => setDialog('pickUp')}>
                {t('live.pickUp')}
              </Button>
            )}
            {talking && (
              <Button size="xs" variant="default" onClick={() => setDialog('transfer')}>
                {t('live.transfer')}
              </Button>
            )}
            <Button size="xs" color="red" variant="outline" onClick={() => void hangUp()}>
              {t('live.hangUp')}
            </Button>
          </Row>
        )}
      </Row>
      {asked?.what === 'pickUp' && <PickUpDialog call={call} to={asked.to} close={close} />}
      {asked?.what === 'transfer' && <TransferDialog call={call} to={asked.to} caller={caller} callee={name(call.answered_by)} close={close} />}
      <Axis end={axis} />
      {call.attempts.map((attempt, i) => {
        const start = (attempt.dialled_at_ms ?? attempt.planned_at_ms) / 1000;
        const end = attempt.ended_at_ms === null ? (talking ? call.wait_ms / 1000 : at) : attempt.ended_at_ms / 1000;
        const plannedEnd = attempt.planned_for_ms === null ? axis : (attempt.planned_at_ms + attempt.planned_for_ms) / 1000;
        const who = name(attempt.target);
        const skipped = attempt.result === 'skipped';
        const word = skipped
          ? why(attempt.why)
          : attempt.dialled_at_ms === null && !talking
            ? t('live.waits')
            : attempt.ended_at_ms === null && !talking
              ? t('live.rings')
              : result(attempt.result);
        return (
          <div className="tl-row" key={i} data-testid="live-attempt">
            <div className="tl-label">
              <span className="tl-name">{who}</span>
              <small>{word}</small>
            </div>
            <Track end={axis} {...(talking ? {} : { now: at })}>
              {!skipped && (
                <Bar start={attempt.planned_at_ms / 1000} end={plannedEnd} axis={axis} kind="planned" thin="upper" />
              )}
              {attempt.dialled_at_ms !== null && (
                <Bar start={start} end={Math.max(start, end)} axis={axis} kind={kindOf(attempt)} thin="lower" title={`${who}: ${word}`} />
              )}
            </Track>
          </div>
        );
      })}
    </section>
  );
}

function LastCall() {
  const { t } = useTranslation();
  const format = useFormat();
  const last = useList<CallRecord>('records', '/api/v1/records', { limit: 1 });
  const record = last.items[0];
  return (
    <Empty text={t('live.quiet')}>
      {record && (
        <Link href={`/calls/${encodeURIComponent(record.id)}`}>{t('live.last', { time: format.moment(record.started) })}</Link>
      )}
    </Empty>
  );
}

export default function LivePage() {
  const { t } = useTranslation();
  const session = useMyself();
  const stream = useStreamState();
  const [url] = useUrlState();
  const mayAct = useMayAct();
  const [asked, setAsked] = useState<Asked>();
  const calls = useAll<LiveCall>('calls', '/api/v1/calls');
  const now = useNow(calls.items.length > 0 && stream.live);
  const targets = useMemo(
    () => calls.items.flatMap((call) => [call.answered_by, ...call.attempts.map((one) => one.target)]),
    [calls.items],
  );
  const name = useNames(targets);
  // Who talks is sent on; a call that still rings is picked up at the phone of whom it is dropped on.
  const drop = (id: string, user: User) => {
    const call = calls.items.find((one) => one.id === id);
    if (!call || !mayAct(call)) return;
    if (call.state === 'talking') setAsked({ call: id, what: 'transfer', to: user.extension });
    if (call.state === 'hunting') setAsked({ call: id, what: 'pickUp', to: user.extension });
  };
  return (
    <>
      <PageHead title={t('page.live')} icon="live">
        <Text size="sm">{t('live.count', { count: calls.items.length })}</Text>
        {mayChange(session) && stream.live && <NewCall />}
      </PageHead>
      <Stack style={stream.live ? undefined : { opacity: 0.6 }}>
        {calls.isPending ? (
          <Loading />
        ) : calls.error ? (
          <Failed error={calls.error} retry={() => void calls.refetch()} />
        ) : calls.items.length === 0 ? (
          <LastCall />
        ) : (
          calls.items.map((call) => (
            <Lane
              key={call.id}
              call={call}
              now={now}
              name={name}
              may={mayAct(call) && stream.live}
              asked={asked?.call === call.id ? asked : undefined}
              ask={setAsked}
              chosen={url.get('call') === call.id}
            />
          ))
        )}
        <People onDrop={stream.live && calls.items.some(mayAct) ? drop : undefined} />
      </Stack>
    </>
  );
}
