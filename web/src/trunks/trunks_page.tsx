import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Trunk } from '../api/types';
import { NewThing } from '../edit/new_thing';
import { ListPage } from '../parts/list_page';
import { mayChange, useMyself } from '../session/session';
import { TrunkTag } from './trunk_tag';

function NewTrunk({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [uri, setUri] = useState('');
  return (
    <NewThing<Trunk>
      title={t('trunks.new')}
      list="/api/v1/trunks"
      body={() => ({ name, uri })}
      shown={['/name', '/uri']}
      close={close}
      done={(made) => go(`/trunks/${encodeURIComponent(made.id)}`)}
      fields={(told) => (
        <>
          <TextInput label={t('trunks.name')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />
          <TextInput label={t('trunks.uri')} description={t('trunks.uriNote')} placeholder="sip:sip.carrier.example" required value={uri} onChange={(event) => setUri(event.currentTarget.value)} error={told('/uri')} />
        </>
      )}
    />
  );
}

export default function TrunksPage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <ListPage<Trunk>
        title={t('page.trunks')}
        icon="trunks"
        kind="state"
        path="/api/v1/trunks"
        expand="state"
        empty={t('trunks.empty')}
        columns={[
          { key: 'name', label: t('trunks.name'), sortable: true, render: (trunk) => <Link href={`/trunks/${encodeURIComponent(trunk.id)}`}>{trunk.name}</Link> },
          { key: 'uri', label: t('trunks.uri'), sortable: true, render: (trunk) => <code>{trunk.uri}</code> },
          { key: 'state', label: t('people.state'), render: (trunk) => <TrunkTag trunk={trunk} /> },
          { key: 'numbers', label: t('page.numbers'), render: (trunk) => trunk.numbers.join(', ') },
        ]}
        {...(mayChange(session) ? { create: { label: t('trunks.new'), run: () => setCreating(true) } } : {})}
      />
      {creating && <NewTrunk close={() => setCreating(false)} />}
    </>
  );
}
