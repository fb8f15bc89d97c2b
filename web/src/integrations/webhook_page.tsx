// One webhook: where it leads, what it is told, how it is signed, and what became of each delivery.
import { Button, Checkbox, SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { post } from '../api/client';
import type { Webhook } from '../api/types';
import { useEditor, useRemoving, type Editor } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { ThingHistory } from '../history/thing_history';
import { Failed, Loading, PageHead } from '../parts/states';
import { useToast } from '../parts/toast';
import { mayChange, useMyself } from '../session/session';
import { Deliveries } from './deliveries';
import { SigningKey } from './signing_key';

/** What may be told, as docs/integrations.md lists it. */
export const kEventTypes = [
  'call.started', 'call.planned', 'call.attempt.dialled', 'call.attempt.ringing', 'call.attempt.ended', 'call.answered',
  'call.transferred', 'call.ended', 'call.missed', 'call.callback.wanted', 'voicemail.created', 'registration.added',
  'registration.removed', 'trunk.up', 'trunk.down', 'flag.changed', 'config.changed',
] as const;

function TestButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    try {
      await post('/api/v1/webhooks/{id}/test', { path: { id } });
      toast({ text: t('webhooks.tested') });
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    } finally {
      setBusy(false);
    }
    await queries.invalidateQueries({ queryKey: ['deliveries'] });
  };
  return (
    <Button variant="default" size="xs" loading={busy} onClick={() => void test()}>
      {t('webhooks.test')}
    </Button>
  );
}

function Fields({ editor, webhook, readOnly }: { editor: Editor<Webhook>; webhook: Webhook; readOnly: boolean }) {
  const { t } = useTranslation();
  const setKey = (field: 'secret' | 'old_secret') => (value: string) =>
    editor.change((now) => {
      const next = { ...now, [field]: value };
      if (value === '') delete next[field];
      return next;
    });
  // A type that this page does not know yet stays where it is.
  const types = [...new Set<string>([...kEventTypes, ...webhook.events])];
  const eventsError = ['/events', ...webhook.events.map((_, i) => `/events/${i}`)].map(editor.fieldError).filter(Boolean).join(' ');
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t('people.name')} value={webhook.name} disabled={readOnly} onChange={(event) => editor.change({ name: event.currentTarget.value })} error={editor.fieldError('/name')} />
        <TextInput label={t('webhooks.url')} description={t('webhooks.urlNote')} value={webhook.url} disabled={readOnly} onChange={(event) => editor.change({ url: event.currentTarget.value })} error={editor.fieldError('/url')} />
      </SimpleGrid>
      <Switch label={t('people.enabled')} checked={webhook.enabled} disabled={readOnly} onChange={(event) => editor.change({ enabled: event.currentTarget.checked })} />
      <Checkbox.Group label={t('webhooks.events')} description={t('webhooks.eventsNote')} value={webhook.events} onChange={(events) => editor.change({ events })} error={eventsError || undefined}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} mt="xs" spacing="xs" verticalSpacing="xs">
          {types.map((type) => (
            <Checkbox key={type} value={type} label={type} disabled={readOnly} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      {!readOnly && (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <SigningKey label={t('webhooks.newSecret')} description={t('webhooks.keptNote')} value={webhook.secret ?? ''} onChange={setKey('secret')} error={editor.fieldError('/secret')} />
          <SigningKey label={t('webhooks.oldSecret')} description={t('webhooks.oldSecretNote')} value={webhook.old_secret ?? ''} onChange={setKey('old_secret')} error={editor.fieldError('/old_secret')} />
        </SimpleGrid>
      )}
    </Stack>
  );
}

export default function WebhookPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const readOnly = !mayChange(useMyself());
  const editor = useEditor<Webhook>('/api/v1/webhooks/{id}', id);
  const removing = useRemoving();
  const { draft: webhook, base } = editor;
  if (editor.loading) return <Loading />;
  if (!webhook || !base) return <Failed error={editor.error} retry={editor.reload} />;
  return (
    <>
      <PageHead title={base.name} icon="integrations">
        {!readOnly && base.enabled && <TestButton id={base.id} />}
      </PageHead>
      <Stack>
        {!readOnly && <SaveBar editor={editor} />}
        <Fields editor={editor} webhook={webhook} readOnly={readOnly} />
        <section aria-label={t('deliveries.title')}>
          <Title order={2} size="h4" mb="xs">
            {t('deliveries.title')}
          </Title>
          <Deliveries fixed={{ webhook: base.id }} />
        </section>
        {!readOnly && (
          <details>
            <summary>{t('page.history')}</summary>
            <ThingHistory kind="webhooks" id={base.id} />
          </details>
        )}
        {!readOnly && (
          <RemoveButton
            what={base.name}
            run={async (replace) => {
              await removing('webhooks', '/api/v1/webhooks/{id}', base, `"${base.revision}"`, base.name, replace);
              go('/integrations');
            }}
          />
        )}
      </Stack>
    </>
  );
}
