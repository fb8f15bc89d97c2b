// Every change of the configuration: who, what, when, from where; take it back or restore.
import { Button, Group as Row, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useList, useThing } from '../api/lists';
import type { Revision, RevisionItem } from '../api/types';
import { differences, type Fields } from '../edit/merge';
import { useFormat } from '../i18n/format';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { DataTable } from '../parts/table';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { useTakeBack } from './take_back';

const shown = (value: unknown) => (value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value));

function Details({ revision, close }: { revision: string; close: () => void }) {
  const { t } = useTranslation();
  const session = useMyself();
  const takeBack = useTakeBack();
  const [asks, setAsks] = useState(false);
  const found = useThing<Revision>('revision', '/api/v1/revisions/{id}', revision);
  const one = found.data?.data;
  return (
    <Modal opened onClose={close} size="xl" title={t('history.revision', { revision })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {found.isPending ? (
        <Loading />
      ) : !one ? (
        <Failed error={found.error} />
      ) : (
        <Stack>
          {one.changes.map((change, i) => (
            <div key={i}>
              <Text fw={600}>{change.text}</Text>
              <table className="list" aria-label={change.text}>
                <tbody>
                  {differences((change.before ?? {}) as Fields, (change.before ?? {}) as Fields, (change.after ?? {}) as Fields).map((difference) => (
                    <tr key={difference.field}>
                      <td data-label={t('conflict.field')}>
                        <code>{difference.field}</code>
                      </td>
                      <td data-label={t('history.before')} style={{ overflowWrap: 'anywhere' }}>
                        {shown(difference.base)}
                      </td>
                      <td data-label={t('history.after')} style={{ overflowWrap: 'anywhere' }}>
                        {shown(difference.theirs)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ))}
          {mayChange(session) && (
            <Row>
              <Button
                variant="default"
                onClick={() => {
                  close();
                  void takeBack(one.revision);
                }}
              >
                {t('history.undo')}
              </Button>
              {asks ? (
                <Button
                  color="red"
                  onClick={() => {
                    close();
                    void takeBack(one.revision, 'restore');
                  }}
                >
                  {t('history.restoreSure')}
                </Button>
              ) : (
                <Button color="red" variant="outline" onClick={() => setAsks(true)}>
                  {t('history.restore')}
                </Button>
              )}
            </Row>
          )}
        </Stack>
      )}
    </Modal>
  );
}

export default function HistoryPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const who = url.get('who') ?? '';
  const open = url.get('open') ?? '';
  const list = useList<RevisionItem>('office', '/api/v1/revisions', { who });
  return (
    <>
      <PageHead title={t('page.history')} icon="history">
        <TextInput
          aria-label={t('history.who')}
          placeholder={t('history.who')}
          defaultValue={who}
          data-page-filter
          onBlur={(event) => setUrl({ who: event.currentTarget.value })}
          onKeyDown={(event) => event.key === 'Enter' && setUrl({ who: event.currentTarget.value })}
        />
      </PageHead>
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={t('history.empty')} />
      ) : (
        <DataTable
          label={t('page.history')}
          columns={[
            {
              key: 'revision',
              label: t('history.number'),
              render: (one: RevisionItem) => (
                <Button variant="subtle" size="compact-sm" onClick={() => setUrl({ open: String(one.revision) }, true)}>
                  {one.revision}
                </Button>
              ),
            },
            { key: 'at', label: t('history.at'), render: (one) => format.moment(one.at) },
            { key: 'who', label: t('history.who'), render: (one) => one.who },
            { key: 'source', label: t('history.source'), render: (one) => one.source || t('history.here') },
            { key: 'what', label: t('history.what'), render: (one) => one.what },
          ]}
          rows={list.items}
          idOf={(one) => String(one.revision)}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
      {open && <Details revision={open} close={() => setUrl({ open: undefined })} />}
    </>
  );
}
