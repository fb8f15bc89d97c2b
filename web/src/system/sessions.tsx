import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { remove } from '../api/client';
import { useAll } from '../api/lists';
import type { SessionItem } from '../api/types';
import { useFormat } from '../i18n/format';
import { Failed, Loading, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { useToast } from '../parts/toast';

export function Sessions() {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const queries = useQueryClient();
  const list = useAll<SessionItem>('sessions', '/api/v1/sessions');
  const end = async (one: SessionItem) => {
    try {
      await remove('/api/v1/sessions/{id}', { path: { id: one.id } });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  return (
    <DataTable
      label={t('system.tab_sessions')}
      columns={[
        { key: 'login', label: t('login.name'), render: (one: SessionItem) => one.login },
        { key: 'source', label: t('history.source'), render: (one) => one.source || t('history.here') },
        { key: 'user_agent', label: t('sessions.browser'), render: (one) => one.user_agent },
        { key: 'last_used', label: t('sessions.lastUsed'), render: (one) => format.moment(one.last_used) },
        {
          key: 'end',
          label: '',
          render: (one) =>
            one.current ? (
              <Tag kind="good">{t('sessions.this')}</Tag>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => void end(one)}>
                {t('sessions.end')}
              </Button>
            ),
        },
      ]}
      rows={list.items}
      idOf={(one) => one.id}
    />
  );
}
