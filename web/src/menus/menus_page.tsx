// Menus that a caller chooses from by keys.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Ivr } from '../api/types';
import { NewThing } from '../edit/new_thing';
import { destinationText } from '../groups/sentence';
import { ListPage } from '../parts/list_page';
import { mayChange, useMyself } from '../session/session';

function NewMenu({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [extension, setExtension] = useState('');
  return (
    <NewThing<Ivr>
      title={t('menus.new')}
      list="/api/v1/ivrs"
      body={() => ({ name, ...(extension && { extension }) })}
      shown={['/name', '/extension']}
      close={close}
      done={(made) => go(`/menus/${encodeURIComponent(made.id)}`)}
      fields={(told) => (
        <>
          <TextInput label={t('menus.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          <TextInput label={t('people.extension')} description={t('groups.numberNote')} value={extension} onChange={(event) => setExtension(event.currentTarget.value)} error={told('/extension')} />
        </>
      )}
    />
  );
}

export default function MenusPage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <ListPage<Ivr>
        title={t('page.menus')}
        icon="menus"
        note={t('menus.note')}
        path="/api/v1/ivrs"
        empty={t('menus.empty')}
        columns={[
          { key: 'name', label: t('menus.name'), sortable: true, render: (menu) => <Link href={`/menus/${encodeURIComponent(menu.id)}`}>{menu.name}</Link> },
          { key: 'extension', label: t('people.extension'), sortable: true, render: (menu) => menu.extension },
          { key: 'greeting', label: t('menus.greeting'), sortable: true, render: (menu) => menu.greeting || t('menus.noGreeting') },
          {
            key: 'keys',
            label: t('menus.keys'),
            render: (menu) => (
              <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
                {Object.entries(menu.keys).map(([key, to]) => (
                  <li key={key}>
                    <strong>{key}</strong> → {destinationText(t, (who) => who, to)}
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
        {...(mayChange(session) ? { create: { label: t('menus.new'), run: () => setCreating(true) } } : {})}
      />
      {creating && <NewMenu close={() => setCreating(false)} />}
    </>
  );
}
