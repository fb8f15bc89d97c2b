// Is all well?
import { Button, Group as Row, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useAll, useList, useValue } from '../api/lists';
import type { CallRecord, Group, Now, Page, Registration, Statistics, Trunk } from '../api/types';
import { useCallColumns } from '../calls/calls_page';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { useMyself } from '../session/session';
import { NextSteps } from './next_steps';

const kMissed = new Set(['no_answer', 'busy', 'unreachable', 'declined', 'abandoned']);
const kDay = 24 * 3600 * 1000;

interface GroupDay {
  group: string;
  answered: number;
  missed: number;
  before: number;
}

/** Answered and missed by group; `before` is the share answered of the same day last week. */
export function byGroup(today: Statistics | undefined, lastWeek: Statistics | undefined): GroupDay[] {
  const rows = new Map<string, GroupDay>();
  for (const item of today?.items ?? []) {
    const row = rows.get(item.group) ?? { group: item.group, answered: 0, missed: 0, before: Number.NaN };
    if (item.outcome === 'answered') row.answered += item.calls;
    else if (kMissed.has(item.outcome)) row.missed += item.calls;
    rows.set(item.group, row);
  }
  for (const row of rows.values()) {
    const old = (lastWeek?.items ?? []).filter((item) => item.group === row.group);
    const answered = old.filter((item) => item.outcome === 'answered').reduce((sum, item) => sum + item.calls, 0);
    const missed = old.filter((item) => kMissed.has(item.outcome)).reduce((sum, item) => sum + item.calls, 0);
    if (answered + missed > 0) row.before = answered / (answered + missed);
  }
  return [...rows.values()].sort((a, b) => b.answered + b.missed - a.answered - a.missed);
}

function midnight(): Date {
  const date = new Date();
  date.setHours(0, 0, 0, 0);
  return date;
}

function useDay() {
  const start = midnight().getTime();
  const iso = (ms: number) => new Date(ms).toISOString();
  const today = useValue<Statistics>('records', '/api/v1/statistics', { from: iso(start), until: iso(start + kDay) });
  const before = useValue<Statistics>('records', '/api/v1/statistics', { from: iso(start - 7 * kDay), until: iso(start - 6 * kDay) });
  return { today, rows: byGroup(today.data, before.data) };
}

function Troubles() {
  const { t } = useTranslation();
  const groups = useAll<Group>('state', '/api/v1/groups', { expand: 'health' });
  const trunks = useAll<Trunk>('state', '/api/v1/trunks', { expand: 'state' });
  const deaf = groups.items.filter((group) => group.enabled && group.health && group.health.can_ring === 0);
  const down = trunks.items.filter((trunk) => trunk.state?.word === 'down');
  const total = deaf.length + down.length;
  if (groups.isPending) return null;
  return (
    <section className="panel" aria-label={t('today.problems')}>
      <Title order={2} size="h4" mb="xs">
        {t('today.problems')}
      </Title>
      {total === 0 && <Text>{t('today.allWell')}</Text>}
      <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
        {down.map((trunk) => (
          <li key={trunk.id}>
            <Link href={`/trunks/${encodeURIComponent(trunk.id)}`}>{t('today.trunkDown', { name: trunk.name })}</Link>: {trunk.state?.text}
          </li>
        ))}
        {deaf.slice(0, 20).map((group) => (
          <li key={group.id}>
            <Link href={`/groups/${encodeURIComponent(group.id)}`}>
              {t('today.nobodyRings', { name: group.name })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figures({ rows }: { rows: GroupDay[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const phones = useAll<Registration>('registrations', '/api/v1/registrations');
  const live = useValue<Page<unknown>>('calls', '/api/v1/calls');
  const answered = rows.reduce((sum, row) => sum + row.answered, 0);
  const missed = rows.reduce((sum, row) => sum + row.missed, 0);
  const figures: [string, number, string][] = [
    [t('today.answered'), answered, `/calls?outcome=answered`],
    [t('today.missed'), missed, '/calls'],
    [t('today.live'), live.data?.items.length ?? 0, '/live'],
    [t('today.phones'), phones.items.length, '/live'],
  ];
  return (
    <div className="figures">
      {figures.map(([label, value, href]) => (
        <Link key={label} href={href} className="panel" style={{ color: 'inherit', textDecoration: 'none' }}>
          <div className="figure">{format.number(value)}</div>
          <div>{label}</div>
        </Link>
      ))}
    </div>
  );
}

function RightNow() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useValue<Now>('state', '/api/v1/now');
  const schedules = now.data?.schedules ?? [];
  const flags = (now.data?.flags ?? []).filter((flag) => flag.on);
  if (schedules.length + flags.length === 0) return null;
  return (
    <section className="panel" aria-label={t('today.now')}>
      <Title order={2} size="h4" mb="xs">
        {t('today.now')}
      </Title>
      <Row gap="xs">
        {schedules.map((one) => (
          <Tag key={one.id} kind={one.open ? 'good' : 'warn'}>
            {one.name}: {one.open ? t('hours.openNow') : t('hours.closedNow')}
            {one.changes_at ? ` · ${t('hours.until', { time: format.moment(one.changes_at) })}` : ''}
          </Tag>
        ))}
        {flags.map((flag) => (
          <Tag key={flag.id} kind="warn">
            {t('today.flagOn', { name: flag.name })}
          </Tag>
        ))}
      </Row>
    </section>
  );
}

export default function TodayPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useMyself();
  const { today, rows } = useDay();
  const callColumns = useCallColumns();
  const recent = useList<CallRecord>('records', '/api/v1/records', { limit: 25 });
  const missed = useMemo(() => recent.items.filter((call) => kMissed.has(call.outcome)).slice(0, 5), [recent.items]);
  const columns: Column<GroupDay>[] = [
    {
      key: 'group',
      label: t('common.group'),
      render: (row) => <Link href={`/calls?group=${encodeURIComponent(row.group)}`}>{row.group || t('today.direct')}</Link>,
    },
    { key: 'answered', label: t('today.answered'), render: (row) => format.number(row.answered) },
    { key: 'missed', label: t('today.missed'), render: (row) => format.number(row.missed) },
    {
      key: 'share',
      label: t('today.share'),
      render: (row) => (row.answered + row.missed ? format.percent(row.answered / (row.answered + row.missed)) : '–'),
    },
    {
      key: 'before',
      label: t('today.lastWeek'),
      render: (row) => (Number.isNaN(row.before) ? '–' : format.percent(row.before)),
    },
  ];
  return (
    <>
      <PageHead title={t('page.today')} icon="today">
        <Button component={Link} href="/simulator" variant="default" size="xs" leftSection={<Icon name="simulator" />}>
          {t('page.simulator')}
        </Button>
      </PageHead>
      <Stack>
        <Figures rows={rows} />
        {session.role === 'administrator' && <NextSteps />}
        <Troubles />
        <RightNow />
        {today.isPending ? (
          <Loading />
        ) : today.error ? (
          <Failed error={today.error} retry={() => void today.refetch()} />
        ) : rows.length === 0 ? (
          <Empty text={t('today.noCalls')} />
        ) : (
          <DataTable label={t('today.byGroup')} columns={columns} rows={rows} idOf={(row) => row.group} />
        )}
        {missed.length > 0 && (
          <section aria-label={t('today.lastMissed')}>
            <Title order={2} size="h4" mb="xs">
              {t('today.lastMissed')}
            </Title>
            <DataTable label={t('today.lastMissed')} columns={callColumns.slice(0, 5)} rows={missed} idOf={(call) => call.id} />
          </section>
        )}
      </Stack>
    </>
  );
}
