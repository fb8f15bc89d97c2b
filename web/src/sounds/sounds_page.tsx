// Recordings that callers hear: play, upload, replace, remove.
import { Button, FileButton, Group as Row, Modal, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put, urlOf } from '../api/client';
import { useValue } from '../api/lists';
import type { FeatureCodes, Sound } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { NewThing } from '../edit/new_thing';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { Icon } from '../parts/icon';
import { ListPage } from '../parts/list_page';
import { useToast } from '../parts/toast';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { SpeakDialog } from './speak';

function Upload({ sound }: { sound: Sound }) {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const send = async (file: File | null) => {
    if (!file) return;
    setBusy(true);
    try {
      await put('/api/v1/sounds/{id}/audio', { path: { id: sound.id }, raw: file, etag: `"${sound.revision}"`, headers: { 'Content-Type': file.type || 'audio/wav' } });
      toast({ text: t('sounds.uploaded', { name: sound.name }) });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
    await queries.invalidateQueries({ queryKey: ['office'] });
    setBusy(false);
  };
  return (
    <FileButton accept="audio/*,.wav,.flac,.ogg" onChange={(file) => void send(file)}>
      {(props) => (
        <Button {...props} size="compact-sm" variant="default" loading={busy} leftSection={<Icon name="upload" />}>
          {t('sounds.upload')}
        </Button>
      )}
    </FileButton>
  );
}

/** Where a sound's file will be: "sounds/good-morning.wav". */
function fileFor(name: string): string {
  const plain = name.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return `sounds/${plain || 'sound'}.wav`;
}

function Play({ sound }: { sound: Sound }) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState(false);
  if (missing) return <>{t('sounds.noFile')}</>;
  const source = `${urlOf('/api/v1/sounds/{id}/audio', { path: { id: sound.id } })}?r=${sound.revision}`;
  return <audio controls preload="metadata" aria-label={sound.name} src={source} onError={() => setMissing(true)} />;
}

function NewSound({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  return (
    <NewThing
      title={t('sounds.new')}
      list="/api/v1/sounds"
      body={() => ({ name, file: fileFor(name) })}
      shown={['/name']}
      close={close}
      fields={(told) => <TextInput label={t('sounds.name')} description={t('sounds.nameNote')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={told('/name')} />}
    />
  );
}

function EditSound({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const editor = useEditor<Sound>('/api/v1/sounds/{id}', id);
  const removing = useRemoving();
  const { draft, base } = editor;
  if (!draft || !base) return null;
  return (
    <Modal opened onClose={close} title={base.name} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack>
        <TextInput label={t('sounds.name')} value={draft.name} onChange={(event) => editor.change({ name: event.currentTarget.value })} error={editor.fieldError('/name')} />
        <TextInput label={t('sounds.file')} description={t('sounds.fileNote')} value={draft.file} onChange={(event) => editor.change({ file: event.currentTarget.value })} error={editor.fieldError('/file')} />
        <SaveBar editor={editor} />
        <RemoveButton
          kind="sound"
          what={base.name}
          run={async (replace) => {
            await removing('sounds', '/api/v1/sounds/{id}', base, `"${base.revision}"`, base.name, replace);
            close();
          }}
        />
      </Stack>
    </Modal>
  );
}

export default function SoundsPage() {
  const { t } = useTranslation();
  const may = mayChange(useMyself());
  const [url, setUrl] = useUrlState();
  const [creating, setCreating] = useState(false);
  const open = url.get('open') ?? '';
  const [speaks, setSpeaks] = useState<Sound>();
  const codes = useValue<FeatureCodes>('office', '/api/v1/feature_codes');
  const record = codes.data?.items.find((one) => one.name === 'record_prompt')?.code;
  return (
    <>
      <ListPage<Sound>
        title={t('page.sounds')}
        icon="sounds"
        note={[t('sounds.note'), record && t('sounds.byPhone', { code: record })].filter(Boolean).join(' ')}
        path="/api/v1/sounds"
        empty={t('sounds.empty')}
        columns={[
          { key: 'name', label: t('sounds.name'), sortable: true, render: (sound) => <strong>{sound.name}</strong> },
          {
            key: 'play',
            label: t('sounds.play'),
            // A new file is another revision, which is looked for anew.
            render: (sound) => <Play key={sound.revision} sound={sound} />,
          },
          {
            key: 'actions',
            label: '',
            render: (sound) =>
              may && (
                <Row gap="xs">
                  <Upload sound={sound} />
                  <Button size="compact-sm" variant="default" aria-label={t('sounds.speakWhat', { name: sound.name })} onClick={() => setSpeaks(sound)}>
                    {t('sounds.speak')}
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setUrl({ open: sound.id })}>
                    {t('common.edit')}
                  </Button>
                </Row>
              ),
          },
        ]}
        {...(may ? { create: { label: t('sounds.new'), run: () => setCreating(true) } } : {})}
      />
      {creating && <NewSound close={() => setCreating(false)} />}
      {speaks && <SpeakDialog sound={speaks} close={() => setSpeaks(undefined)} />}
      {open && may && <EditSound key={open} id={open} close={() => setUrl({ open: undefined })} />}
    </>
  );
}
