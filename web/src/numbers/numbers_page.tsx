// Which number leads where.
import { Button, Group as Row, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Destination, PublicNumber } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { NewThing } from '../edit/new_thing';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { destinationText } from '../groups/sentence';
import { DestinationInput } from '../parts/destination';
import { ListPage } from '../parts/list_page';
import { Loading } from '../parts/states';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';

function NewNumber({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [to, setTo] = useState<Destination>();
  return (
    <NewThing<PublicNumber>
      title={t('numbers.new')}
      list="/api/v1/numbers"
      body={() => ({ number, ...(to ? { to } : {}) })}
      shown={['/number', '/to']}
      close={close}
      fields={(told) => (
        <>
          <TextInput label={t('numbers.number')} placeholder="+48…" required data-autofocus value={number} onChange={(event) => setNumber(event.currentTarget.value)} error={told('/number')} />
          <DestinationInput label={t('group.goesTo')} value={to} onChange={setTo} {...(told('/to') ? { error: told('/to') ?? '' } : {})} />
        </>
      )}
    />
  );
}

function EditNumber({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const editor = useEditor<PublicNumber>('/api/v1/numbers/{id}', id);
  const removing = useRemoving();
  const { draft, base } = editor;
  const error = editor.fieldError('/to');
  return (
    <Modal opened onClose={close} title={base?.number ?? ''} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      {!draft || !base ? (
        <Loading />
      ) : (
        <Stack>
          <TextInput label={t('numbers.number')} value={draft.number} onChange={(event) => editor.change({ number: event.currentTarget.value })} error={editor.fieldError('/number')} />
          <DestinationInput label={t('group.goesTo')} value={draft.to} onChange={(to) => editor.change({ to: to ?? { hangup: true } })} {...(error ? { error } : {})} />
          <SaveBar editor={editor} />
          <RemoveButton
            what={base.number}
            run={async (replace) => {
              await removing('numbers', '/api/v1/numbers/{id}', base, `"${base.revision}"`, base.number, replace);
              close();
            }}
          />
        </Stack>
      )}
    </Modal>
  );
}

export default function NumbersPage() {
  const { t } = useTranslation();
  const session = useMyself();
  const [url, setUrl] = useUrlState();
  const [creating, setCreating] = useState(false);
  const may = mayChange(session);
  const open = url.get('open') ?? '';
  return (
    <>
      <ListPage<PublicNumber>
        title={t('page.numbers')}
        icon="numbers"
        note={t('numbers.note')}
        path="/api/v1/numbers"
        empty={t('numbers.empty')}
        columns={[
          { key: 'number', label: t('numbers.number'), sortable: true, render: (one) => <strong>{one.number}</strong> },
          { key: 'to', label: t('group.goesTo'), render: (one) => destinationText(t, (who) => who, one.to) },
          {
            key: 'actions',
            label: '',
            render: (one) => (
              <Row gap="xs">
                {may && (
                  <Button size="compact-sm" variant="default" onClick={() => setUrl({ open: one.id })}>
                    {t('common.edit')}
                  </Button>
                )}
                <Button size="compact-sm" variant="default" component={Link} href={`/simulator?number=${encodeURIComponent(one.number)}`}>
                  {t('group.simulate')}
                </Button>
              </Row>
            ),
          },
        ]}
        {...(may ? { create: { label: t('numbers.new'), run: () => setCreating(true) } } : {})}
      />
      {creating && <NewNumber close={() => setCreating(false)} />}
      {open && may && <EditNumber key={open} id={open} close={() => setUrl({ open: undefined })} />}
    </>
  );
}
