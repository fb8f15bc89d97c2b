// Many calls on a virtual clock: what a group does with them now, what it would do otherwise, and
// what would help. Nothing is changed.
import { Button, Checkbox, Group as Row, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { send } from '../api/client';
import { useAll } from '../api/lists';
import type { Group, Simulated, Strategy } from '../api/types';
import { download } from '../calls/csv';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { useToast } from '../parts/toast';
import { useUrlState } from '../parts/url_state';
import { AdviceList } from './advice';
import { Figures } from './figures';

// Ways of hunting that need nothing but the members.
const kStrategies: Strategy[] = ['ring_all', 'sequential', 'round_robin', 'random', 'longest_idle', 'fewest_calls', 'rollover'];

const kNumbers = {
  calls: { fallback: 2000, least: 100, most: 20000 },
  an_hour: { fallback: 60, least: 1, most: 100000 },
  patience: { fallback: 60, least: 0, most: 86400 },
  talk: { fallback: 180, least: 1, most: 86400 },
  answers: { fallback: 90, least: 0, most: 100 },
  pickup: { fallback: 8, least: 0, most: 3600 },
  learn_days: { fallback: 0, least: 0, most: 92 },
  seed: { fallback: 1, least: 0, most: 4294967295 },
} as const;
type NumberKey = keyof typeof kNumbers;

function withoutAdditions(group: Group): Record<string, unknown> {
  const { health, revision, warnings, ...rest } = group as Group & { warnings?: unknown };
  void health;
  void revision;
  void warnings;
  return rest;
}

/** The question to the server, from the address. */
function questionOf(url: URLSearchParams, group: Group): Record<string, unknown> {
  const value = (key: NumberKey) => Number(url.get(key) ?? kNumbers[key].fallback);
  const strategy = url.get('strategy');
  const timeout = url.get('timeout');
  const changed = {
    ...withoutAdditions(group),
    ...(strategy && { strategy, stages: [] }),
    ...(timeout && { timeout: Number(timeout) }),
  };
  return {
    group: group.id,
    calls: value('calls'),
    an_hour: value('an_hour'),
    patience: value('patience'),
    talk: value('talk'),
    answers: value('answers') / 100,
    pickup: value('pickup'),
    seed: value('seed'),
    ...(value('learn_days') > 0 && { learn_days: value('learn_days') }),
    ...((strategy || timeout) && { changed_group: changed }),
    ...(url.get('advice') === '1' && { advice: true }),
  };
}

function Save({ question }: { question: Record<string, unknown> }) {
  const { t } = useTranslation();
  const toast = useToast();
  const save = async (type: string, name: string) => {
    try {
      const { advice, ...rest } = question;
      void advice;
      const answer = await send<string>('POST', '/api/v1/simulate', { body: rest, as: 'text', headers: { Accept: type } });
      download(new Blob([answer.data], { type }), name);
    } catch (error) {
      toast({ text: (error as Error).message, bad: true });
    }
  };
  return (
    <Row>
      <Button size="xs" variant="default" onClick={() => void save('text/csv', 'simulation.csv')}>
        CSV
      </Button>
      <Button size="xs" variant="default" onClick={() => void save('image/svg+xml', 'simulation.svg')}>
        {t('simulation.picture')}
      </Button>
    </Row>
  );
}

export default function SimulationPage() {
  const { t } = useTranslation();
  const [url, setUrl] = useUrlState();
  const groups = useAll<Group>('office', '/api/v1/groups');
  const [asked, setAsked] = useState<Record<string, unknown>>();
  const group = groups.items.find((one) => one.id === url.get('group')) ?? groups.items[0];
  const run = useMutation({
    mutationFn: async (question: Record<string, unknown>) => (await send<Simulated>('POST', '/api/v1/simulate', { body: question })).data,
  });
  const go = (event: FormEvent) => {
    event.preventDefault();
    if (!group) return;
    const question = questionOf(url, group);
    setAsked(question);
    run.mutate(question);
  };
  if (groups.isPending) return <Loading />;
  if (groups.error) return <Failed error={groups.error} retry={() => void groups.refetch()} />;
  if (!group) return <Empty text={t('groups.empty')} />;
  const number = (key: NumberKey) => (
    <NumberInput
      key={key}
      label={t(`simulation.${key}`)}
      value={Number(url.get(key) ?? kNumbers[key].fallback)}
      min={kNumbers[key].least}
      max={kNumbers[key].most}
      onChange={(value) => setUrl({ [key]: value === '' || Number(value) === kNumbers[key].fallback ? undefined : String(value) })}
    />
  );
  return (
    <>
      <PageHead title={t('page.simulation')} icon="simulation" note={t('simulation.note')} />
      <Stack>
        <form onSubmit={go}>
          <Stack>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
              <NativeSelect label={t('common.group')} value={group.id} onChange={(event) => setUrl({ group: event.currentTarget.value })} data={groups.items.map((one) => ({ value: one.id, label: one.name }))} />
              {(['calls', 'an_hour', 'patience', 'talk', 'answers', 'pickup', 'learn_days', 'seed'] as const).map(number)}
            </SimpleGrid>
            <fieldset className="panel">
              <legend>{t('simulation.beside')}</legend>
              <Row align="flex-end">
                <NativeSelect
                  label={t('group.strategy')}
                  value={url.get('strategy') ?? ''}
                  onChange={(event) => setUrl({ strategy: event.currentTarget.value || undefined })}
                  data={[{ value: '', label: t('simulation.asItIs') }, ...kStrategies.map((value) => ({ value, label: t(`strategy.${value}`) }))]}
                />
                <NumberInput label={t('group.timeout')} value={url.get('timeout') ?? ''} min={1} max={3600} placeholder={t('simulation.asItIs')} onChange={(value) => setUrl({ timeout: value === '' ? undefined : String(value) })} />
              </Row>
            </fieldset>
            <Row>
              <Checkbox label={t('simulation.wantAdvice')} checked={url.get('advice') === '1'} onChange={(event) => setUrl({ advice: event.currentTarget.checked ? '1' : undefined })} />
              <Button type="submit" loading={run.isPending}>
                {t('simulation.go')}
              </Button>
            </Row>
          </Stack>
        </form>
        {run.isPending && <Text role="status">{t('simulation.running')}</Text>}
        {run.error && <Failed error={run.error} />}
        {run.data && !run.error && (
          <>
            <Figures result={run.data} />
            <AdviceList result={run.data} groupId={String(asked?.['group'] ?? group.id)} />
            {asked && <Save question={asked} />}
          </>
        )}
      </Stack>
    </>
  );
}
