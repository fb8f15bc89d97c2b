// Every phone: those that are registered now, and people who have none.
import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useAll, useList } from '../api/lists';
import type { Registration, User } from '../api/types';
import { useFormat } from '../i18n/format';
import { FilterInput } from '../parts/filter_input';
import { Empty, Failed, Loading, PageHead, Tag } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { useUrlState } from '../parts/url_state';

function WithoutPhone() {
  const { t } = useTranslation();
  const users = useAll<User>('state', '/api/v1/users', { expand: 'state' });
  const none = users.items.filter((user) => user.enabled && user.state?.devices === 0);
  if (none.length === 0) return null;
  return (
    <section aria-label={t('phones.without')} data-testid="without-phone">
      <Title order={2} size="h4" mb="xs">
        {t('phones.withoutCount', { count: none.length })}
      </Title>
      <div className="people-grid">
        {none.map((user) => (
          <div key={user.id} className="panel person">
            <Link href={`/people/${encodeURIComponent(user.extension)}`}>{user.name || user.extension}</Link>
            <Tag>{user.extension}</Tag>
          </div>
        ))}
      </div>
    </section>
  );
}

export default function PhonesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const q = url.get('q') ?? '';
  const sort = url.get('sort') ?? '';
  const list = useList<Registration>('registrations', '/api/v1/registrations', { q, sort });
  const columns: Column<Registration>[] = [
    { key: 'name', label: t('people.name'), sortable: true, render: (phone) => <Link href={`/people/${encodeURIComponent(phone.extension)}`}>{phone.name || phone.extension}</Link> },
    { key: 'username', label: t('account.user'), sortable: true, render: (phone) => (phone.device ? `${phone.username} · ${phone.device}` : phone.username) },
    { key: 'user_agent', label: t('people.phone'), sortable: true, render: (phone) => phone.user_agent || '—' },
    { key: 'source', label: t('people.source'), sortable: true, render: (phone) => `${phone.transport} ${phone.source}` },
    { key: 'contact', label: t('people.contact'), render: (phone) => <code style={{ overflowWrap: 'anywhere' }}>{phone.contact}</code> },
    { key: 'expires', label: t('people.until'), sortable: true, render: (phone) => format.time(phone.expires) },
  ];
  return (
    <Stack>
      <div>
        <PageHead title={t('page.phones')} icon="phones" note={t('phones.note')}>
          <FilterInput value={q} onChange={(value) => setUrl({ q: value })} />
        </PageHead>
        {list.isPending ? (
          <Loading />
        ) : list.error ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.items.length === 0 ? (
          <Empty text={q ? t('common.nothingFound') : t('phones.empty')} />
        ) : (
          <DataTable
            label={t('page.phones')}
            columns={columns}
            rows={list.items}
            idOf={(phone) => `${phone.username} ${phone.contact}`}
            sort={sort}
            onSort={(next) => setUrl({ sort: next })}
            more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
          />
        )}
      </div>
      <WithoutPhone />
    </Stack>
  );
}
