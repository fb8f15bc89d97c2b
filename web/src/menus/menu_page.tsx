// One menu: its greeting, what each key does, and where a caller goes who presses none.
import { ActionIcon, Button, Group as Row, NumberInput, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Destination, Ivr } from '../api/types';
import { useEditor, useRemoving, type Editor } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { destinationText } from '../groups/sentence';
import { ThingHistory } from '../history/thing_history';
import { DestinationInput } from '../parts/destination';
import { Icon } from '../parts/icon';
import { SoundSelect } from '../parts/sound_select';
import { Failed, Loading, PageHead } from '../parts/states';
import { mayChange, useMyself } from '../session/session';

const kKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];

/** The first finding at this place or anywhere inside it. */
function errorAt(editor: Editor<Ivr>, pointer: string): string | undefined {
  const inside = editor.problem?.document.errors?.filter((one) => one.pointer === pointer || one.pointer?.startsWith(`${pointer}/`));
  return inside?.length ? inside.map((one) => one.detail).join(' ') : undefined;
}

function Keys({ editor, menu, readOnly }: { editor: Editor<Ivr>; menu: Ivr; readOnly: boolean }) {
  const { t } = useTranslation();
  const set = (keys: Record<string, Destination>) => editor.change({ keys });
  const used = kKeys.filter((key) => menu.keys[key] !== undefined);
  const free = kKeys.filter((key) => menu.keys[key] === undefined);
  const without = (key: string) => Object.fromEntries(Object.entries(menu.keys).filter(([one]) => one !== key));
  return (
    <section aria-label={t('menus.keys')}>
      <Title order={2} size="h4" mb="xs">
        {t('menus.keys')}
      </Title>
      <Stack gap="xs">
        {used.map((key) => {
          const error = errorAt(editor, `/keys/${key}`);
          return (
            <Row key={key} align="flex-end" role="group" aria-label={t('menus.key', { key })} data-testid={`key-${key}`}>
              <strong style={{ minWidth: '1.5rem', fontSize: '1.4rem' }}>{key}</strong>
              {readOnly ? (
                <Text>{destinationText(t, (who) => who, menu.keys[key])}</Text>
              ) : (
                <>
                  <DestinationInput label={t('group.goesTo')} value={menu.keys[key]} onChange={(to) => set({ ...menu.keys, [key]: to ?? { hangup: true } })} {...(error ? { error } : {})} />
                  <ActionIcon variant="default" size="lg" aria-label={t('menus.removeKey', { key })} onClick={() => set(without(key))}>
                    <Icon name="trash" />
                  </ActionIcon>
                </>
              )}
            </Row>
          );
        })}
        {used.length === 0 && <Text>{t('menus.noKeys')}</Text>}
        {!readOnly && free.length > 0 && (
          <Row gap={4} role="group" aria-label={t('menus.addKey')}>
            <Text size="sm">{t('menus.addKey')}</Text>
            {free.map((key) => (
              <Button key={key} size="compact-sm" variant="default" aria-label={t('menus.add', { key })} onClick={() => set({ ...menu.keys, [key]: { hangup: true } })}>
                {key}
              </Button>
            ))}
          </Row>
        )}
      </Stack>
    </section>
  );
}

export default function MenuPage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const session = useMyself();
  const [, go] = useLocation();
  const editor = useEditor<Ivr>('/api/v1/ivrs/{id}', id);
  const removing = useRemoving();
  const { draft: menu, base } = editor;
  if (editor.loading) return <Loading />;
  if (!menu || !base) return <Failed error={editor.error} retry={editor.reload} />;
  const readOnly = !mayChange(session);
  const otherwise = errorAt(editor, '/otherwise');
  return (
    <>
      <PageHead title={base.name} icon="menus" {...(base.extension ? { note: base.extension } : {})}>
        {base.extension && (
          <Button component={Link} href={`/simulator?number=${encodeURIComponent(base.extension)}`} variant="default" size="xs">
            {t('group.simulate')}
          </Button>
        )}
      </PageHead>
      <Stack>
        {!readOnly && <SaveBar editor={editor} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('menus.name')} value={menu.name} disabled={readOnly} onChange={(event) => editor.change({ name: event.currentTarget.value })} error={editor.fieldError('/name')} />
          <TextInput label={t('people.extension')} value={menu.extension} disabled={readOnly} onChange={(event) => editor.change({ extension: event.currentTarget.value })} error={editor.fieldError('/extension')} />
          <SoundSelect
            label={t('menus.greeting')}
            value={menu.greeting}
            builtIn={{ value: '', label: t('menus.noGreeting') }}
            disabled={readOnly}
            error={editor.fieldError('/greeting')}
            onChange={(greeting) => editor.change({ greeting })}
          />
          <NumberInput
            label={t('menus.timeout')}
            description={t('menus.timeoutNote')}
            value={menu.timeout}
            min={1}
            max={3600}
            disabled={readOnly}
            onChange={(value) => editor.change({ timeout: value === '' ? 5 : Number(value) })}
            error={editor.fieldError('/timeout')}
          />
        </SimpleGrid>
        <Keys editor={editor} menu={menu} readOnly={readOnly} />
        {readOnly ? (
          <Text>{destinationText(t, (who) => who, menu.otherwise)}</Text>
        ) : (
          <DestinationInput
            label={t('menus.otherwise')}
            value={menu.otherwise}
            empty={t('destination.none')}
            onChange={(to) => editor.change({ otherwise: to } as Partial<Ivr>)}
            {...(otherwise ? { error: otherwise } : {})}
          />
        )}
        {session.role === 'administrator' && (
          <details>
            <summary>{t('page.history')}</summary>
            <ThingHistory kind="ivrs" id={base.id} />
          </details>
        )}
        {!readOnly && (
          <RemoveButton
            what={base.name}
            run={async (replace) => {
              await removing('ivrs', '/api/v1/ivrs/{id}', base, `"${base.revision}"`, base.name, replace);
              go('/menus');
            }}
          />
        )}
      </Stack>
    </>
  );
}
