// Addresses of which nothing is read, because passwords or names were guessed from there.
import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { remove } from '../api/client';
import { useList } from '../api/lists';
import type { Ban } from '../api/types';
import { useFormat } from '../i18n/format';
import { FilterInput } from '../parts/filter_input';
import { Empty, Failed, Loading } from '../parts/states';
import { DataTable } from '../parts/table';
import { useToast } from '../parts/toast';
import { useUrlState } from '../parts/url_state';

export function Bans() {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const queries = useQueryClient();
  const [url, setUrl] = useUrlState();
  const q = url.get('q') ?? '';
  const sort = url.get('sort') ?? '';
  const list = useList<Ban>('bans', '/api/v1/bans', { q, sort });
  const lift = async (ban: Ban) => {
    try {
      await remove('/api/v1/bans/{id}', { path: { id: ban.id } });
      toast({ text: t('bans.lifted', { source: ban.source }) });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['bans'] });
  };
  return (
    <Stack>
      <Text size="sm">{t('bans.note')}</Text>
      <FilterInput value={q} onChange={(value) => setUrl({ q: value })} />
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={q ? t('common.nothingFound') : t('bans.empty')} />
      ) : (
        <DataTable
          label={t('system.tab_bans')}
          columns={[
            { key: 'source', label: t('history.source'), sortable: true, render: (ban: Ban) => <code>{ban.source}</code> },
            { key: 'reason', label: t('bans.reason'), sortable: true, render: (ban) => t(`bans.${ban.reason}`) },
            { key: 'since', label: t('bans.since'), sortable: true, render: (ban) => format.moment(ban.since) },
            { key: 'until', label: t('bans.until'), sortable: true, render: (ban) => format.moment(ban.until) },
            { key: 'dropped', label: t('bans.dropped'), sortable: true, render: (ban) => format.number(ban.dropped) },
            {
              key: 'lift',
              label: '',
              render: (ban) => (
                <Button size="compact-sm" variant="default" aria-label={t('bans.liftWhat', { source: ban.source })} onClick={() => void lift(ban)}>
                  {t('bans.lift')}
                </Button>
              ),
            },
          ]}
          rows={list.items}
          idOf={(ban) => ban.id}
          sort={sort}
          onSort={(next) => setUrl({ sort: next })}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
    </Stack>
  );
}
