// Queues: who waits in them now, and who takes their calls.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useAll } from '../api/lists';
import type { LiveCall, Queue } from '../api/types';
import { NewThing } from '../edit/new_thing';
import { ListPage } from '../parts/list_page';
import { Tag } from '../parts/states';
import { mayChange, useMyself } from '../session/session';
import { waitingIn } from './waiting';

function NewQueue({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [extension, setExtension] = useState('');
  return (
    <NewThing<Queue>
      title={t('queues.new')}
      list="/api/v1/queues"
      body={() => ({ name, ...(extension && { extension }) })}
      shown={['/name', '/extension']}
      close={close}
      done={(made) => go(`/queues/${encodeURIComponent(made.id)}`)}
      fields={(told) => (
        <>
          <TextInput label={t('queues.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          <TextInput label={t('people.extension')} description={t('groups.numberNote')} value={extension} onChange={(event) => setExtension(event.currentTarget.value)} error={told('/extension')} />
        </>
      )}
    />
  );
}

export default function QueuesPage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [creating, setCreating] = useState(false);
  const calls = useAll<LiveCall>('calls', '/api/v1/calls');
  return (
    <>
      <ListPage<Queue>
        title={t('page.queues')}
        icon="queues"
        note={t('queues.note')}
        path="/api/v1/queues"
        empty={t('queues.empty')}
        columns={[
          { key: 'name', label: t('queues.name'), sortable: true, render: (queue) => <Link href={`/queues/${encodeURIComponent(queue.id)}`}>{queue.name}</Link> },
          { key: 'extension', label: t('people.extension'), sortable: true, render: (queue) => queue.extension },
          { key: 'strategy', label: t('group.strategy'), render: (queue) => t(`strategy.${queue.strategy}`) },
          { key: 'agents', label: t('queues.agents'), render: (queue) => t('queues.loggedIn', { now: queue.members.filter((one) => one.logged_in !== false).length, of: queue.members.length }) },
          {
            key: 'waiting',
            label: t('queues.waiting'),
            render: (queue) => {
              const waiting = waitingIn(queue, calls.items).length;
              return <Tag {...(waiting > 0 ? { kind: 'warn' as const } : {})}>{waiting}</Tag>;
            },
          },
        ]}
        {...(mayChange(session) ? { create: { label: t('queues.new'), run: () => setCreating(true) } } : {})}
      />
      {creating && <NewQueue close={() => setCreating(false)} />}
    </>
  );
}
