// One mailbox: its messages, and (for a general one) its settings.
import { PasswordInput, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useAll } from '../api/lists';
import type { Mailbox } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { PageHead } from '../parts/states';
import { mayChange, useMyself } from '../session/session';
import { Messages } from './messages';

function Settings({ id }: { id: string }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const readOnly = !mayChange(useMyself());
  const editor = useEditor<Mailbox>('/api/v1/mailboxes/{id}', id);
  const removing = useRemoving();
  const { draft: box, base } = editor;
  if (!box || !base) return null;
  const text = (field: 'name' | 'extension') => (
    <TextInput
      label={t(field === 'name' ? 'mailboxes.name' : 'people.extension')}
      value={box[field]}
      disabled={readOnly}
      onChange={(event) => editor.change({ [field]: event.currentTarget.value })}
      error={editor.fieldError(`/${field}`)}
    />
  );
  return (
    <Stack>
      {!readOnly && <SaveBar editor={editor} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {text('name')}
        {text('extension')}
        <PasswordInput
          label={t('people.pin')}
          description={t('people.pinNote')}
          value={box.pin ?? ''}
          disabled={readOnly}
          visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
          onChange={(event) => editor.change({ pin: event.currentTarget.value })}
          error={editor.fieldError('/pin')}
        />
        <TagsInput
          label={t('people.email')}
          description={t('common.enterAdds')}
          value={box.email}
          disabled={readOnly}
          onChange={(email) => editor.change({ email })}
          error={editor.fieldError('/email') ?? editor.fieldError('/email/0')}
        />
      </SimpleGrid>
      {!readOnly && (
        <RemoveButton
          what={base.name}
          run={async (replace) => {
            await removing('mailboxes', '/api/v1/mailboxes/{id}', base, `"${base.revision}"`, base.name, replace);
            go('/mailboxes');
          }}
        />
      )}
    </Stack>
  );
}

export default function MailboxPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const readOnly = !mayChange(useMyself());
  const general = useAll<Mailbox>('office', '/api/v1/mailboxes');
  const box = general.items.find((one) => one.name === id || one.id === id || one.extension === id);
  return (
    <>
      <PageHead title={t('mailboxes.title', { name: box?.name ?? id })} icon="mailboxes" />
      <Stack>
        <Messages list="/api/v1/mailboxes/{id}/messages" one="/api/v1/mailboxes/{id}/messages/{message}" path={{ id }} readOnly={readOnly} />
        {box && (
          <details>
            <summary>{t('mailboxes.settings')}</summary>
            <Settings key={box.id} id={box.id} />
          </details>
        )}
      </Stack>
    </>
  );
}
