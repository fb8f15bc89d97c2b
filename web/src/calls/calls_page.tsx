// Calls that ended, newest first.
import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useList } from '../api/lists';
import type { CallRecord } from '../api/types';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { useToast } from '../parts/toast';
import { useUrlState } from '../parts/url_state';
import { download, recordsCsv } from './csv';
import { CallFilters, recordQuery } from './filters';
import { OutcomeTag } from './outcome_tag';

export function useCallColumns(): Column<CallRecord>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'started',
      label: t('calls.started'),
      sortable: true,
      render: (call) => <Link href={`/calls/${encodeURIComponent(call.id)}`}>{format.moment(call.started)}</Link>,
    },
    {
      key: 'from',
      label: t('calls.caller'),
      render: (call) => (call.from_name && call.from_name !== call.from ? `${call.from_name} · ${call.from}` : call.from),
    },
    { key: 'dialled', label: t('calls.dialled'), render: (call) => call.dialled },
    { key: 'group', label: t('common.group'), render: (call) => call.group },
    { key: 'outcome', label: t('calls.outcome'), render: (call) => <OutcomeTag outcome={call.outcome} /> },
    { key: 'answered_by', label: t('calls.answered_by'), render: (call) => call.answered_by },
    { key: 'wait_ms', label: t('calls.wait'), render: (call) => format.length(call.wait_ms) },
    { key: 'talk_ms', label: t('calls.talk'), render: (call) => (call.talk_ms ? format.length(call.talk_ms) : '') },
    {
      key: 'recording',
      label: t('calls.recording'),
      render: (call) => call.recording && <Icon name="play" />,
    },
  ];
}

export default function CallsPage() {
  const { t } = useTranslation();
  const toast = useToast();
  const [url, setUrl] = useUrlState();
  const [busy, setBusy] = useState(false);
  const columns = useCallColumns();
  const query = recordQuery(url);
  const list = useList<CallRecord>('records', '/api/v1/records', query);
  const filtered = Object.values(query).some((value) => value !== undefined);
  const exportCsv = async () => {
    setBusy(true);
    try {
      download(await recordsCsv(query), 'calls.csv');
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <PageHead title={t('page.calls')} icon="calls">
        <Button variant="default" loading={busy} leftSection={<Icon name="download" />} onClick={() => void exportCsv()}>
          CSV
        </Button>
      </PageHead>
      <Stack>
        <CallFilters url={url} setUrl={setUrl} />
        {list.isPending ? (
          <Loading />
        ) : list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.items.length === 0 ? (
          <Empty text={filtered ? t('calls.nothingHere') : t('calls.empty')} />
        ) : (
          <DataTable
            label={t('page.calls')}
            columns={columns}
            rows={list.items}
            idOf={(call) => call.id}
            sort={url.get('sort') ?? '-started'}
            onSort={(sort) => setUrl({ sort })}
            more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
          />
        )}
      </Stack>
    </>
  );
}
