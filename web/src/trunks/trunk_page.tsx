// One trunk: where it is, how it is asked, its last error in words, a sign of life on demand.
import { Button, NumberInput, PasswordInput, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { post } from '../api/client';
import { useAll } from '../api/lists';
import type { Trunk, TrunkTest } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { ThingHistory } from '../history/thing_history';
import { Failed, Loading, PageHead, Tag } from '../parts/states';
import { mayChange, useMyself } from '../session/session';
import { TrunkTag } from './trunk_tag';

function TestButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const test = useMutation({
    mutationFn: async () => (await post<TrunkTest>('/api/v1/trunks/{id}/test', { path: { id } })).data,
  });
  return (
    <>
      <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate()}>
        {t('trunks.test')}
      </Button>
      {test.data && (
        <Tag kind={test.data.reached ? 'good' : 'bad'}>
          {test.data.text} {test.data.reached && `· ${test.data.ms} ms`}
        </Tag>
      )}
      {test.error && <Tag kind="bad">{test.error.message}</Tag>}
    </>
  );
}

export default function TrunkPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const session = useMyself();
  const [, go] = useLocation();
  const editor = useEditor<Trunk>('/api/v1/trunks/{id}', id);
  const removing = useRemoving();
  const states = useAll<Trunk>('state', '/api/v1/trunks', { expand: 'state' });
  const { draft: trunk, base } = editor;
  if (editor.loading) return <Loading />;
  if (!trunk || !base) return <Failed error={editor.error} retry={editor.reload} />;
  const readOnly = !mayChange(session);
  const text = (field: 'name' | 'uri' | 'username', note?: string) => (
    <TextInput
      label={t(`trunks.${field}`)}
      description={note}
      value={trunk[field]}
      disabled={readOnly}
      onChange={(event) => editor.change({ [field]: event.currentTarget.value })}
      error={editor.fieldError(`/${field}`)}
    />
  );
  const list = (field: 'numbers' | 'allow_from', note: string) => (
    <TagsInput
      label={t(`trunks.${field}`)}
      description={note}
      value={trunk[field]}
      disabled={readOnly}
      onChange={(value) => editor.change({ [field]: value })}
      error={[`/${field}`, ...trunk[field].map((_, i) => `/${field}/${i}`)].map(editor.fieldError).filter(Boolean).join(' ') || undefined}
    />
  );
  return (
    <>
      <PageHead title={base.name} icon="trunks">
        <TrunkTag trunk={states.items.find((one) => one.id === base.id)} />
        {!readOnly && <TestButton id={base.id} />}
      </PageHead>
      <Stack>
        {!readOnly && <SaveBar editor={editor} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {text('name')}
          {text('uri', t('trunks.uriNote'))}
          {text('username')}
          <PasswordInput
            label={t('account.password')}
            description={t('trunks.passwordNote')}
            value={trunk.password ?? ''}
            disabled={readOnly}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
            onChange={(event) =>
              editor.change((now) => {
                const next = { ...now, password: event.currentTarget.value };
                if (next.password === '') delete (next as Partial<Trunk>).password;
                return next;
              })
            }
          />
          {list('numbers', t('common.enterAdds'))}
          {list('allow_from', t('trunks.allowNote'))}
          <NumberInput
            label={t('trunks.channels')}
            value={trunk.channels}
            min={1}
            max={10000}
            disabled={readOnly}
            onChange={(value) => editor.change({ channels: value === '' ? 30 : Number(value) })}
            error={editor.fieldError('/channels')}
          />
          <Switch
            mt="xl"
            label={t('trunks.register')}
            checked={trunk.register}
            disabled={readOnly}
            onChange={(event) => editor.change({ register: event.currentTarget.checked })}
          />
        </SimpleGrid>
        <details>
          <summary>{t('page.history')}</summary>
          <ThingHistory kind="trunks" id={base.id} />
        </details>
        {!readOnly && (
          <RemoveButton
            what={base.name}
            run={async (replace) => {
              await removing('trunks', '/api/v1/trunks/{id}', base, `"${base.revision}"`, base.name, replace);
              go('/trunks');
            }}
          />
        )}
      </Stack>
    </>
  );
}
