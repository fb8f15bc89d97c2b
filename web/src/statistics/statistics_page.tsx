// What the records say of one group: answered and missed, waits, service level, hours, patience.
import { Group as Row, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import { useAll } from '../api/lists';
import type { Group, GroupStatistics } from '../api/types';
import { asInstant } from '../calls/filters';
import { useFormat } from '../i18n/format';
import { useOutcome } from '../i18n/why';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { useUrlState } from '../parts/url_state';
import { Members } from './members';
import { Abandon, Hours } from './pictures';
import { daysBefore } from './shapes';

const kDays = ['1', '7', '30', '90'] as const;
const kInTime = 20;

interface Times {
  from?: string | undefined;
  until?: string | undefined;
}

/** The time of the address: so many days until now, or from one moment to another. */
function useTimes(url: URLSearchParams): Times {
  const days = url.get('days') ?? '7';
  const from = url.get('from');
  const until = url.get('until');
  return useMemo(
    () => (days === 'own' ? { from: asInstant(from), until: asInstant(until) } : { from: daysBefore(Number(days), new Date()) }),
    [days, from, until],
  );
}

function Overall({ found, inTime }: { found: GroupStatistics; inTime: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const seconds = (value: number) => t('tests.seconds', { seconds: format.number1(value) });
  const gave = found.outcomes['abandoned'] ?? 0;
  const figures: [string, string, string][] = [
    ['calls', t('figure.calls'), format.number(found.calls)],
    ['answered', t('figure.answered'), format.percent1(found.answered_share)],
    ['level', t('statistics.level', { seconds: format.number(inTime) }), format.percent1(found.service_level)],
    ['gave_up', t('figure.gave_up'), format.percent1(found.calls > 0 ? gave / found.calls : 0)],
    ['wait', t('figure.wait_mean'), seconds(found.wait.mean_s)],
    ['talk', t('statistics.talk'), format.length(found.talk_ms)],
  ];
  return (
    <div className="figures">
      {figures.map(([key, label, value]) => (
        <div key={key} className="panel" data-testid={`figure-${key}`}>
          <div className="figure">{value}</div>
          <div>{label}</div>
        </div>
      ))}
    </div>
  );
}

function Waits({ found }: { found: GroupStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const outcome = useOutcome();
  const columns = ['mean_s', 'median_s', 'p90_s', 'p99_s'] as const;
  const word = (key: string) => (key === 'answered_elsewhere' ? t('result.answered_elsewhere') : outcome(key));
  const outcomes = Object.entries(found.outcomes).sort(([, a], [, b]) => b - a);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <div className="sim-scroll" role="region" aria-label={t('statistics.waits')} tabIndex={0}>
        <table className="sim" aria-label={t('statistics.waits')}>
          <thead>
            <tr>
              <td />
              {columns.map((key) => (
                <th scope="col" key={key}>
                  {t(`statistics.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['wait', 'gave_up_after'] as const).map((which) => (
              <tr key={which}>
                <th scope="row">{t(`statistics.${which}`)}</th>
                {columns.map((key) => (
                  <td key={key}>{t('tests.seconds', { seconds: format.number1(found[which][key]) })}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <table className="sim" aria-label={t('statistics.outcomes')} data-testid="outcomes">
        <tbody>
          {outcomes.map(([key, calls]) => (
            <tr key={key}>
              <th scope="row">{word(key)}</th>
              <td>
                <div className="sim-bar" aria-hidden="true">
                  <div style={{ width: `${((100 * calls) / Math.max(1, found.calls)).toFixed(1)}%` }} />
                </div>
                {format.number(calls)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </SimpleGrid>
  );
}

function Filters({ url, setUrl, groups, group }: { url: URLSearchParams; setUrl: ReturnType<typeof useUrlState>[1]; groups: Group[]; group: Group }) {
  const { t } = useTranslation();
  const days = url.get('days') ?? '7';
  return (
    <Row align="flex-end" wrap="wrap">
      <NativeSelect label={t('common.group')} value={group.id} onChange={(event) => setUrl({ group: event.currentTarget.value })} data={groups.map((one) => ({ value: one.id, label: one.name }))} />
      <NativeSelect
        label={t('statistics.time')}
        value={days}
        onChange={(event) => setUrl({ days: event.currentTarget.value, from: undefined, until: undefined })}
        data={[...kDays.map((value) => ({ value: String(value), label: t('statistics.lastDays', { count: Number(value) }) })), { value: 'own', label: t('statistics.own') }]}
      />
      {days === 'own' &&
        (['from', 'until'] as const).map((name) => (
          <TextInput key={name} type="datetime-local" label={t(`calls.${name}`)} value={url.get(name) ?? ''} onChange={(event) => setUrl({ [name]: event.currentTarget.value })} />
        ))}
      <NumberInput
        label={t('statistics.inTime')}
        value={Number(url.get('in_time_s') ?? kInTime)}
        min={1}
        max={3600}
        w="9rem"
        onChange={(value) => setUrl({ in_time_s: value === '' || Number(value) === kInTime ? undefined : String(value) })}
      />
    </Row>
  );
}

export default function StatisticsPage() {
  const { t } = useTranslation();
  const [url, setUrl] = useUrlState();
  const groups = useAll<Group>('office', '/api/v1/groups');
  const asked = url.get('group');
  const group = groups.items.find((one) => one.id === asked || one.name === asked) ?? groups.items[0];
  const times = useTimes(url);
  const inTime = Number(url.get('in_time_s') ?? kInTime);
  const found = useQuery({
    queryKey: ['records', 'group statistics', group?.id, times, inTime],
    queryFn: async ({ signal }) =>
      (await get<GroupStatistics>('/api/v1/groups/{id}/statistics', { path: { id: group?.id ?? '' }, query: { ...times, in_time_s: inTime }, signal })).data,
    enabled: group !== undefined,
    placeholderData: keepPreviousData,
  });
  if (groups.isPending) return <Loading />;
  if (groups.error) return <Failed error={groups.error} retry={() => void groups.refetch()} />;
  if (!group) return <Empty text={t('groups.empty')} />;
  return (
    <>
      <PageHead title={t('page.statistics')} icon="statistics" note={t('statistics.note')} />
      <Stack>
        <Filters url={url} setUrl={setUrl} groups={groups.items} group={group} />
        {found.error ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : found.isPending ? (
          <Loading />
        ) : found.data.calls === 0 ? (
          <Empty text={t('statistics.empty')} />
        ) : (
          <>
            <Overall found={found.data} inTime={inTime} />
            <Waits found={found.data} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Hours found={found.data} />
              <Abandon found={found.data} />
            </SimpleGrid>
            <Members found={found.data} />
          </>
        )}
      </Stack>
    </>
  );
}
