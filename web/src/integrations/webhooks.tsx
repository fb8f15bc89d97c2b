// Who is told by HTTP of what happens.
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useAll } from '../api/lists';
import type { Webhook } from '../api/types';
import { NewThing } from '../edit/new_thing';
import { Icon } from '../parts/icon';
import { Empty, Failed, Loading, Tag } from '../parts/states';
import { DataTable } from '../parts/table';
import { mayChange, useMyself } from '../session/session';
import { SigningKey } from './signing_key';

function NewWebhook({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  return (
    <NewThing<Webhook>
      title={t('webhooks.new')}
      list="/api/v1/webhooks"
      body={() => ({ name, url, secret })}
      shown={['/name', '/url', '/secret']}
      close={close}
      done={(made) => go(`/integrations/${encodeURIComponent(made.id)}`)}
      fields={(told) => (
        <>
          <TextInput label={t('people.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          <TextInput label={t('webhooks.url')} description={t('webhooks.urlNote')} placeholder="https://crm.example/harrier" required value={url} onChange={(event) => setUrl(event.currentTarget.value)} error={told('/url')} />
          <SigningKey required label={t('webhooks.secret')} description={t('webhooks.secretNote')} value={secret} onChange={setSecret} error={told('/secret')} />
        </>
      )}
    />
  );
}

export function Webhooks() {
  const { t } = useTranslation();
  const may = mayChange(useMyself());
  const [creating, setCreating] = useState(false);
  const list = useAll<Webhook>('office', '/api/v1/webhooks');
  return (
    <Stack>
      <Text size="sm">{t('webhooks.note')}</Text>
      {may && (
        <Button data-page-new leftSection={<Icon name="plus" />} onClick={() => setCreating(true)} style={{ alignSelf: 'flex-start' }}>
          {t('webhooks.new')}
        </Button>
      )}
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Empty text={t('webhooks.empty')} />
      ) : (
        <DataTable
          label={t('integrations.tab_webhooks')}
          columns={[
            { key: 'name', label: t('people.name'), render: (one: Webhook) => <Link href={`/integrations/${encodeURIComponent(one.id)}`}>{one.name}</Link> },
            { key: 'url', label: t('webhooks.url'), render: (one) => <code style={{ overflowWrap: 'anywhere' }}>{one.url}</code> },
            { key: 'events', label: t('webhooks.events'), render: (one) => (one.events.length ? one.events.join(', ') : t('webhooks.allOfCalls')) },
            { key: 'enabled', label: t('people.state'), render: (one) => <Tag {...(one.enabled ? { kind: 'good' as const } : {})}>{one.enabled ? t('common.on') : t('common.off')}</Tag> },
          ]}
          rows={list.items}
          idOf={(one) => one.id}
        />
      )}
      {creating && <NewWebhook close={() => setCreating(false)} />}
    </Stack>
  );
}
