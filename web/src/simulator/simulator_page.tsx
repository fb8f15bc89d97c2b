// What would happen: a caller, a number, a moment and the state of the phones; no call is made.
import { Button, Group as Row, NativeSelect, NumberInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import type { PlanStory } from '../api/types';
import { Failed, PageHead } from '../parts/states';
import { useUrlState } from '../parts/url_state';
import { Explained } from './explained';
import { SaveAsTest, SavedTests } from './saved_tests';

interface Question {
  number: string;
  from?: string;
  at?: string;
  phones: 'now' | 'all' | string[];
  seed?: number;
}

/** The filters of the URL as a question. */
function questionFrom(url: URLSearchParams): Question {
  const at = url.get('at');
  const phones = url.get('phones') ?? 'now';
  const seed = url.get('seed');
  return {
    number: url.get('number') ?? '',
    ...(url.get('from') ? { from: url.get('from') ?? '' } : {}),
    ...(at ? { at: new Date(at).toISOString() } : {}),
    phones: phones === 'now' || phones === 'all' ? phones : phones.split(',').filter(Boolean),
    ...(seed ? { seed: Number(seed) } : {}),
  };
}

export default function SimulatorPage() {
  const { t } = useTranslation();
  const [url, setUrl] = useUrlState();
  const phones = url.get('phones') ?? 'now';
  const choosing = phones !== 'now' && phones !== 'all';
  const [number, setNumber] = useState(url.get('number') ?? '');
  const [from, setFrom] = useState(url.get('from') ?? '');
  const asked = useMutation({
    mutationFn: async (question: Question) =>
      (await post<PlanStory>('/api/v1/explain', { body: question })).data,
  });
  const { mutate } = asked;
  // A link to a question shows its answer.
  const search = url.toString();
  useEffect(() => {
    const question = questionFrom(new URLSearchParams(search));
    if (question.number) mutate(question);
  }, [search, mutate]);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setUrl({ number, from }, true);
    if (number === url.get('number') && from === (url.get('from') ?? '')) mutate(questionFrom(url));
  };
  return (
    <>
      <PageHead title={t('page.simulator')} icon="simulator" note={t('simulator.note')} />
      <Stack>
        <form onSubmit={ask}>
          <Row align="flex-end" wrap="wrap">
            <TextInput label={t('simulator.number')} value={number} required onChange={(event) => setNumber(event.currentTarget.value)} />
            <TextInput label={t('simulator.from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
            <TextInput
              type="datetime-local"
              label={t('simulator.at')}
              value={url.get('at') ?? ''}
              onChange={(event) => setUrl({ at: event.currentTarget.value })}
            />
            <NativeSelect
              label={t('simulator.phones')}
              value={choosing ? 'choose' : phones}
              onChange={(event) => {
                const value = event.currentTarget.value;
                setUrl({ phones: value === 'choose' ? ',' : value === 'now' ? undefined : value });
              }}
              data={(['now', 'all', 'choose'] as const).map((value) => ({ value, label: t(`simulator.phones_${value}`) }))}
            />
            {choosing && (
              <TagsInput
                label={t('simulator.on')}
                value={phones.split(',').filter(Boolean)}
                onChange={(value) => setUrl({ phones: value.join(',') || ',' })}
              />
            )}
            <NumberInput
              label={t('simulator.seed')}
              value={url.get('seed') ?? ''}
              min={0}
              w="7rem"
              onChange={(value) => setUrl({ seed: value === '' ? undefined : String(value) })}
            />
            <Button type="submit" loading={asked.isPending}>
              {t('simulator.go')}
            </Button>
          </Row>
        </form>
        {asked.error && <Failed error={asked.error} />}
        {asked.data && !asked.error && (
          <>
            <Explained story={asked.data} />
            <SaveAsTest story={asked.data} phones={asked.variables.phones} seed={asked.variables.seed} />
          </>
        )}
        <SavedTests />
      </Stack>
    </>
  );
}
