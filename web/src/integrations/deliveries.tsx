// What was told to webhooks and by action URLs, or is to be: filtered, looked at, sent once more.
import { Button, CopyButton, Group as Row, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { post } from '../api/client';
import { useAll, useList } from '../api/lists';
import type { Delivery, Group, Webhook } from '../api/types';
import { useFormat } from '../i18n/format';
import { Empty, Failed, Loading, Tag } from '../parts/states';
import { DataTable, type Column } from '../parts/table';
import { useToast } from '../parts/toast';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { kindOfState, readable } from './delivery_words';

const kStates = ['waiting', 'delivered', 'failed'] as const;
const kEveryMs = 3000;

export function DeliveryTag({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  return <Tag kind={kindOfState(delivery.state)}>{t(`deliveries.${delivery.state}`)}</Tag>;
}

function Details({ delivery, close }: { delivery: Delivery; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: [string, string][] = [
    [t('deliveries.eventId'), delivery.event_id],
    [t('deliveries.tries'), format.number(delivery.tries)],
    [t('deliveries.status'), delivery.status ? String(delivery.status) : ''],
    [t('deliveries.trouble'), delivery.trouble],
    [t('deliveries.due'), delivery.due ? format.moment(delivery.due) : ''],
    [t('deliveries.done'), delivery.done ? format.moment(delivery.done) : ''],
    ['URL', delivery.url],
  ];
  return (
    <Modal opened onClose={close} size="xl" title={`${delivery.type} · ${format.moment(delivery.at)}`} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="xs">
        {facts
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label}>
              <Text size="sm" c="dimmed">
                {label}
              </Text>
              <Text style={{ overflowWrap: 'anywhere' }}>{value}</Text>
            </div>
          ))}
        {delivery.body && (
          <>
            <CopyButton value={delivery.body}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy} style={{ alignSelf: 'flex-start' }}>
                  {copied ? t('common.copied') : t('deliveries.copyBody')}
                </Button>
              )}
            </CopyButton>
            <pre style={{ overflow: 'auto', maxHeight: '50vh' }} tabIndex={0} aria-label={t('deliveries.body')} data-testid="delivery-body">
              {readable(delivery.body)}
            </pre>
          </>
        )}
      </Stack>
    </Modal>
  );
}

function useColumns(open: (delivery: Delivery) => void): Column<Delivery>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const queries = useQueryClient();
  const may = mayChange(useMyself());
  const webhooks = useAll<Webhook>('office', '/api/v1/webhooks');
  const groups = useAll<Group>('office', '/api/v1/groups');
  const again = async (delivery: Delivery) => {
    try {
      await post('/api/v1/deliveries/{id}/resend', { path: { id: delivery.id } });
      toast({ text: t('deliveries.again') });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['deliveries'] });
  };
  const whither = (delivery: Delivery) =>
    delivery.webhook
      ? (webhooks.items.find((one) => one.id === delivery.webhook)?.name ?? delivery.webhook)
      : t('deliveries.actionUrl', { group: groups.items.find((one) => one.id === delivery.group)?.name ?? delivery.group });
  return [
    { key: 'at', label: t('calls.started'), render: (one) => format.moment(one.at) },
    { key: 'whither', label: t('deliveries.whither'), render: whither },
    { key: 'type', label: t('log.event'), render: (one) => <code>{one.type}</code> },
    { key: 'call', label: t('log.callPage'), render: (one) => one.call && <Link href={`/calls/${encodeURIComponent(one.call)}`}>{t('common.open')}</Link> },
    {
      key: 'state',
      label: t('people.state'),
      render: (one) => (
        <>
          <DeliveryTag delivery={one} /> {one.status || ''}
          {one.state !== 'delivered' && one.trouble && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {one.trouble}
            </Text>
          )}
        </>
      ),
    },
    { key: 'tries', label: t('deliveries.tries'), render: (one) => format.number(one.tries) },
    {
      key: 'actions',
      label: '',
      render: (one) => (
        <Row gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => open(one)}>
            {t('deliveries.show')}
          </Button>
          {may && (
            <Button size="compact-sm" variant="default" onClick={() => void again(one)}>
              {t('deliveries.resend')}
            </Button>
          )}
        </Row>
      ),
    },
  ];
}

/** `fixed`: what the page around it has chosen already, a webhook or a call. */
export function Deliveries({ fixed = {} }: { fixed?: { webhook?: string; call?: string } }) {
  const { t } = useTranslation();
  const [url, setUrl] = useUrlState();
  const [opened, setOpened] = useState<Delivery>();
  const columns = useColumns(setOpened);
  const webhooks = useAll<Webhook>('office', '/api/v1/webhooks');
  const asked = { webhook: url.get('webhook') ?? '', state: url.get('state') ?? '', type: url.get('type') ?? '', ...fixed };
  const list = useList<Delivery>('deliveries', '/api/v1/deliveries', asked, { every: kEveryMs });
  const filtered = asked.state !== '' || asked.type !== '' || (asked.webhook !== '' && !fixed.webhook);
  return (
    <Stack>
      {fixed.call === undefined && (
        <Row align="flex-end">
          {fixed.webhook === undefined && (
            <NativeSelect
              label={t('deliveries.whither')}
              value={asked.webhook}
              onChange={(event) => setUrl({ webhook: event.currentTarget.value })}
              data={[{ value: '', label: t('common.all') }, ...webhooks.items.map((one) => ({ value: one.id, label: one.name }))]}
            />
          )}
          <NativeSelect
            label={t('people.state')}
            value={asked.state}
            onChange={(event) => setUrl({ state: event.currentTarget.value })}
            data={[{ value: '', label: t('common.all') }, ...kStates.map((state) => ({ value: state, label: t(`deliveries.${state}`) }))]}
          />
          <TextInput
            label={t('log.event')}
            key={asked.type}
            defaultValue={asked.type}
            placeholder="call.ended"
            onBlur={(event) => setUrl({ type: event.currentTarget.value.trim() })}
            onKeyDown={(event) => event.key === 'Enter' && setUrl({ type: event.currentTarget.value.trim() })}
          />
        </Row>
      )}
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={filtered ? t('common.nothingFound') : t('deliveries.empty')} />
      ) : (
        <DataTable
          label={t('deliveries.title')}
          columns={columns}
          rows={list.items}
          idOf={(one) => one.id}
          more={{ has: list.hasNextPage, loading: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
        />
      )}
      {opened && <Details delivery={list.items.find((one) => one.id === opened.id) ?? opened} close={() => setOpened(undefined)} />}
    </Stack>
  );
}
