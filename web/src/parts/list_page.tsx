// The usual page of a list: heading, filter, "new", table or what is said when there is none.
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { Path } from '../api/client';
import { useList } from '../api/lists';
import type { Thing } from '../api/types';
import { FilterInput } from './filter_input';
import { Icon, type IconName } from './icon';
import { Empty, Failed, Loading, PageHead } from './states';
import { DataTable, type Column } from './table';
import { useUrlState } from './url_state';

export function ListPage<T extends Thing>({
  title,
  icon,
  note,
  kind = 'office',
  path,
  expand,
  columns,
  empty,
  create,
  children,
}: {
  title: string;
  icon: IconName;
  note?: string;
  kind?: string;
  path: Path;
  expand?: string;
  columns: Column<T>[];
  empty: string;
  create?: { label: string; run: () => void };
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const [url, setUrl] = useUrlState();
  const q = url.get('q') ?? '';
  const sort = url.get('sort') ?? '';
  const list = useList<T>(kind, path, { q, sort, expand });
  return (
    <>
      <PageHead title={title} icon={icon} {...(note ? { note } : {})}>
        <FilterInput value={q} onChange={(value) => setUrl({ q: value })} />
        {create && (
          <Button data-page-new leftSection={<Icon name="plus" />} onClick={create.run}>
            {create.label}
          </Button>
        )}
      </PageHead>
      {children}
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={q ? t('common.nothingFound') : empty} />
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={list.items}
          idOf={(thing) => thing.id}
          sort={sort}
          onSort={(next) => setUrl({ sort: next })}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
    </>
  );
}
