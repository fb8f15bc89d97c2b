// General mailboxes, and people who have one of their own.
import { Stack, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useAll } from '../api/lists';
import type { Mailbox, User } from '../api/types';
import { NewThing } from '../edit/new_thing';
import { ListPage } from '../parts/list_page';
import { Tag } from '../parts/states';
import { mayChange, useMyself } from '../session/session';

function NewMailbox({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [extension, setExtension] = useState('');
  return (
    <NewThing<Mailbox>
      title={t('mailboxes.new')}
      list="/api/v1/mailboxes"
      body={() => ({ name, ...(extension && { extension }) })}
      shown={['/name', '/extension']}
      close={close}
      done={(made) => go(`/mailboxes/${encodeURIComponent(made.name)}`)}
      fields={(told) => (
        <>
          <TextInput label={t('mailboxes.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          <TextInput label={t('people.extension')} value={extension} onChange={(event) => setExtension(event.currentTarget.value)} error={told('/extension')} />
        </>
      )}
    />
  );
}

export default function MailboxesPage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [creating, setCreating] = useState(false);
  const users = useAll<User>('office', '/api/v1/users');
  const own = users.items.filter((user) => user.mailbox);
  return (
    <Stack>
      <div>
        <ListPage<Mailbox>
          title={t('page.mailboxes')}
          icon="mailboxes"
          note={t('mailboxes.note')}
          path="/api/v1/mailboxes"
          empty={t('mailboxes.empty')}
          columns={[
            { key: 'name', label: t('mailboxes.name'), sortable: true, render: (box) => <Link href={`/mailboxes/${encodeURIComponent(box.name)}`}>{box.name}</Link> },
            { key: 'extension', label: t('people.extension'), sortable: true, render: (box) => box.extension },
            { key: 'email', label: t('people.email'), render: (box) => box.email.join(', ') },
          ]}
          {...(mayChange(session) ? { create: { label: t('mailboxes.new'), run: () => setCreating(true) } } : {})}
        />
      </div>
      {own.length > 0 && (
        <section aria-label={t('mailboxes.people')}>
          <Title order={2} size="h4" mb="xs">
            {t('mailboxes.people')}
          </Title>
          <div className="people-grid">
            {own.map((user) => (
              <div key={user.id} className="panel person">
                <Link href={`/mailboxes/${encodeURIComponent(user.extension)}`}>{user.name || user.extension}</Link>
                <Tag>{user.extension}</Tag>
              </div>
            ))}
          </div>
        </section>
      )}
      {creating && <NewMailbox close={() => setCreating(false)} />}
    </Stack>
  );
}
