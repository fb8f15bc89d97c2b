// The messages of a mailbox: a person's own, or one that several look after.
import { ActionIcon, Button, Group as Row } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { patch, remove, type Path } from '../api/client';
import { useList } from '../api/lists';
import type { Message } from '../api/types';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { useToast } from '../parts/toast';

interface Props {
  list: Path;
  one: Path;
  path?: Record<string, string>;
  readOnly: boolean;
}

export function Messages({ list: listPath, one, path, readOnly }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const queries = useQueryClient();
  const list = useList<Message>('messages', listPath, {}, path ? { path } : {});
  const act = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['messages'] });
  };
  const at = (message: Message) => ({ ...path, message: message.id });
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.items.length === 0) return <Empty text={t('messages.empty')} />;
  return (
    <DataTable
      label={t('messages.title')}
      columns={[
        {
          key: 'at',
          label: t('messages.at'),
          render: (message: Message) => (
            <Row gap="xs">
              {format.moment(message.at)} {!message.heard && <Tag kind="warn">{t('messages.new')}</Tag>}
              {message.saved && <Tag>{t('messages.saved')}</Tag>}
            </Row>
          ),
        },
        { key: 'from', label: t('calls.caller'), render: (message) => message.from_name || message.from },
        { key: 'length', label: t('messages.length'), render: (message) => format.length(message.length_ms) },
        {
          key: 'play',
          label: t('sounds.play'),
          render: (message) => (
            <audio
              controls
              preload="none"
              aria-label={t('messages.from', { name: message.from_name || message.from })}
              src={message.audio}
              onEnded={() => !message.heard && !readOnly && void act(() => patch(one, { path: at(message), body: { heard: true } }))}
            />
          ),
        },
        { key: 'handled_by', label: t('messages.handledBy'), render: (message) => message.handled_by },
        {
          key: 'actions',
          label: '',
          render: (message) =>
            !readOnly && (
              <Row gap="xs">
                <Button size="compact-sm" variant="default" onClick={() => void act(() => patch(one, { path: at(message), body: { heard: !message.heard } }))}>
                  {message.heard ? t('messages.asNew') : t('messages.asHeard')}
                </Button>
                <ActionIcon
                  variant="default"
                  size="lg"
                  aria-label={t('messages.remove', { name: message.from_name || message.from })}
                  onClick={() => window.confirm(t('messages.removeAsk')) && void act(() => remove(one, { path: at(message) }))}
                >
                  <Icon name="trash" />
                </ActionIcon>
              </Row>
            ),
        },
      ]}
      rows={list.items}
      idOf={(message) => message.id}
      more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
    />
  );
}
