// One queue: who waits now, who takes the calls, what callers hear, and where they go in the end.
import { Button, NativeSelect, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useAll } from '../api/lists';
import type { LiveCall, Queue, Strategy } from '../api/types';
import { useEditor, useRemoving } from '../edit/editor';
import { RemoveButton } from '../edit/remove_button';
import { SaveBar } from '../edit/save_bar';
import { ThingHistory } from '../history/thing_history';
import { destinationText } from '../groups/sentence';
import { useFormat } from '../i18n/format';
import { FinallyInput } from '../parts/finally_input';
import { SoundSelect } from '../parts/sound_select';
import { Failed, Loading, PageHead, Tag } from '../parts/states';
import { mayChange, useMyself } from '../session/session';
import { Agents } from './agents';
import { waitingIn } from './waiting';

// What a line of callers can be given out by; the ways that lay bars on a clock are for groups.
const kStrategies: Strategy[] = ['longest_idle', 'ring_all', 'sequential', 'round_robin', 'random', 'fewest_calls', 'weighted'];

function Waiting({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  const format = useFormat();
  const calls = useAll<LiveCall>('calls', '/api/v1/calls');
  const waiting = waitingIn(queue, calls.items);
  return (
    <section className="panel" aria-label={t('queues.waiting')} data-testid="waiting">
      <Title order={2} size="h4">
        {t('queues.waitingNow', { count: waiting.length })}
      </Title>
      <ul>
        {waiting.map((call) => (
          <li key={call.id}>
            <Link href={`/live?call=${encodeURIComponent(call.id)}`}>{call.from_name || call.from}</Link> {t('queues.since', { time: format.time(call.started) })}
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function QueuePage({ id = '' }: { id?: string }) {
  const { t } = useTranslation();
  const session = useMyself();
  const [, go] = useLocation();
  const editor = useEditor<Queue>('/api/v1/queues/{id}', id);
  const removing = useRemoving();
  const { draft: queue, base } = editor;
  if (editor.loading) return <Loading />;
  if (!queue || !base) return <Failed error={editor.error} retry={editor.reload} />;
  const readOnly = !mayChange(session);
  const strategies = kStrategies.includes(queue.strategy) ? kStrategies : [...kStrategies, queue.strategy];
  const number = (field: 'minimum_agents' | 'max_wait', least: number, most: number) => (
    <NumberInput
      label={t(`queues.${field}`)}
      description={t(`queues.note_${field}`)}
      value={queue[field]}
      min={least}
      max={most}
      disabled={readOnly}
      onChange={(value) => editor.change({ [field]: value === '' ? least : Number(value) })}
      error={editor.fieldError(`/${field}`)}
    />
  );
  return (
    <>
      <PageHead title={base.name} icon="queues" {...(base.extension ? { note: base.extension } : {})}>
        <Tag>{t(`strategy.${queue.strategy}`)}</Tag>
        {base.extension && (
          <Button component={Link} href={`/simulator?number=${encodeURIComponent(base.extension)}`} variant="default" size="xs">
            {t('group.simulate')}
          </Button>
        )}
      </PageHead>
      <Stack>
        <Waiting queue={base} />
        {!readOnly && <SaveBar editor={editor} />}
        <Agents editor={editor} queue={queue} readOnly={readOnly} maySwitch={session.role !== 'read_only'} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('queues.name')} value={queue.name} disabled={readOnly} onChange={(event) => editor.change({ name: event.currentTarget.value })} error={editor.fieldError('/name')} />
          <TextInput label={t('people.extension')} value={queue.extension} disabled={readOnly} onChange={(event) => editor.change({ extension: event.currentTarget.value })} error={editor.fieldError('/extension')} />
          <NativeSelect
            label={t('queues.strategy')}
            description={t(`strategyNote.${queue.strategy}`)}
            value={queue.strategy}
            disabled={readOnly}
            onChange={(event) => editor.change({ strategy: event.currentTarget.value as Strategy })}
            data={strategies.map((value) => ({ value, label: t(`strategy.${value}`) }))}
            error={editor.fieldError('/strategy')}
          />
          <SoundSelect
            label={t('queues.music')}
            value={queue.music}
            builtIn={{ value: 'default', label: t('queues.musicOfOffice') }}
            disabled={readOnly}
            error={editor.fieldError('/music')}
            onChange={(music) => editor.change({ music })}
          />
          {number('minimum_agents', 0, 10000)}
          {number('max_wait', 1, 3600)}
          <Switch label={t('queues.announce_position')} checked={queue.announce_position} disabled={readOnly} onChange={(event) => editor.change({ announce_position: event.currentTarget.checked })} />
        </SimpleGrid>
        {readOnly ? (
          <Text>{destinationText(t, (who) => who, queue.finally)}</Text>
        ) : (
          <FinallyInput value={queue.finally} change={(next) => editor.change({ finally: next } as Partial<Queue>)} fieldError={editor.fieldError} />
        )}
        {session.role === 'administrator' && (
          <details>
            <summary>{t('page.history')}</summary>
            <ThingHistory kind="queues" id={base.id} />
          </details>
        )}
        {!readOnly && (
          <RemoveButton
            what={base.name}
            run={async (replace) => {
              await removing('queues', '/api/v1/queues/{id}', base, `"${base.revision}"`, base.name, replace);
              go('/queues');
            }}
          />
        )}
      </Stack>
    </>
  );
}
