import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useValue } from '../api/lists';
import type { System } from '../api/types';
import { useFormat } from '../i18n/format';
import { Failed, Loading, Tag } from '../parts/states';

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; ++unit) size /= 1000;
  return `${size.toFixed(size < 10 && unit > 0 ? 1 : 0)} ${units[unit] ?? ''}`;
}

export function Health() {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useValue<System>('state', '/api/v1/system');
  if (found.isPending) return <Loading />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const system = found.data;
  const facts: [string, string][] = [
    [t('system.version'), system.version],
    [t('system.started'), format.moment(system.started)],
    [t('system.revision'), String(system.revision)],
    [t('system.records'), format.number(system.store.records_written)],
    [t('system.disk'), t('system.diskFree', { free: bytes(system.disk.free_bytes), size: bytes(system.disk.size_bytes) })],
    [t('system.journal'), `${bytes(system.store.journal_used_bytes)} / ${bytes(system.store.journal_capacity_bytes)}`],
    [t('system.streams'), String(system.events.streams)],
  ];
  return (
    <Stack>
      <div>
        <Tag kind={system.phase === 'serving' ? 'good' : 'warn'}>{t(`system.phase_${system.phase}`)}</Tag>{' '}
        <Tag kind={system.store.up ? 'good' : 'bad'}>{system.store.up ? t('system.storeUp') : t('system.storeDown', { why: system.store.trouble })}</Tag>{' '}
        {system.degraded.map((one) => (
          <Tag key={one} kind="warn">
            {one}
          </Tag>
        ))}
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} className="panel">
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text>{value}</Text>
          </div>
        ))}
      </SimpleGrid>
      <Title order={2} size="h4">
        {t('system.threads')}
      </Title>
      <table className="list" aria-label={t('system.threads')}>
        <thead>
          <tr>
            {(['number', 'calls', 'registrations', 'transactions', 'lag'] as const).map((key) => (
              <th key={key} scope="col">
                {t(`system.shard_${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {system.shards.map((shard) => (
            <tr key={shard.number}>
              <td data-label={t('system.shard_number')}>{shard.number}</td>
              <td data-label={t('system.shard_calls')}>{shard.calls}</td>
              <td data-label={t('system.shard_registrations')}>{shard.registrations}</td>
              <td data-label={t('system.shard_transactions')}>{shard.transactions}</td>
              <td data-label={t('system.shard_lag')}>{shard.answers ? `${shard.lag_ms} ms` : t('system.noAnswer')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Title order={2} size="h4">
        {t('system.listeners')}
      </Title>
      <ul>
        {system.listeners.map((one) => (
          <li key={one}>
            <code>{one}</code>
          </li>
        ))}
      </ul>
      {system.certificate?.subject && (
        <Text>
          {t('system.certificate', { subject: system.certificate.subject, until: system.certificate.expires ? format.day(system.certificate.expires) : '–' })}{' '}
          {system.certificate.self_signed && <Tag kind="warn">{t('system.selfSigned')}</Tag>}
        </Text>
      )}
    </Stack>
  );
}
