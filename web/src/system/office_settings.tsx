// What holds for the whole office.
import { Button, Group as Row, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { Settings } from '../api/types';
import { Findings } from '../edit/save_bar';
import { kLanguageNames, kLanguages } from '../i18n';
import { Failed, Loading } from '../parts/states';
import { useToast } from '../parts/toast';

type Field = 'tenant' | 'timezone' | 'country' | 'language' | 'music' | 'record' | 'max_hunt';

export function OfficeSettings() {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['office', 'settings with etag'], queryFn: () => get<Settings>('/api/v1/settings') });
  const [changes, setChanges] = useState<Partial<Record<Field, string | number>>>({});
  const [problem, setProblem] = useState<Problem>();
  if (found.isPending) return <Loading />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const now = found.data.data;
  const errors = findingsByField(problem?.document.errors);
  const told = (field: Field) => errors.get(`/${field}`)?.map((one) => one.detail).join(' ');
  const value = (field: Field) => String(changes[field] ?? now[field] ?? '');
  const set = (field: Field, next: string | number) => setChanges({ ...changes, [field]: next });
  const text = (field: Field) => (
    <TextInput label={t(`office.${field}`)} description={t(`office.note_${field}` as never)} value={value(field)} onChange={(event) => set(field, event.currentTarget.value)} error={told(field)} />
  );
  const save = async () => {
    setProblem(undefined);
    try {
      await patch('/api/v1/settings', { body: changes, etag: found.data.etag });
      setChanges({});
      toast({ text: t('edit.savedPlain') });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    await queries.invalidateQueries({ queryKey: ['office'] });
  };
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {text('tenant')}
        <NativeSelect
          label={t('office.timezone')}
          value={value('timezone')}
          onChange={(event) => set('timezone', event.currentTarget.value)}
          data={[...new Set([value('timezone'), ...zones])]}
          error={told('timezone')}
        />
        {text('country')}
        <NativeSelect
          label={t('office.language')}
          description={t('office.note_language')}
          value={value('language')}
          onChange={(event) => set('language', event.currentTarget.value)}
          data={kLanguages.map((one) => ({ value: one, label: kLanguageNames[one] }))}
          error={told('language')}
        />
        {text('music')}
        <NativeSelect
          label={t('group.record')}
          value={value('record')}
          onChange={(event) => set('record', event.currentTarget.value)}
          data={(['off', 'never', 'on', 'always'] as const).map((one) => ({ value: one, label: t(`record.${one}`) }))}
        />
        <NumberInput label={t('office.max_hunt')} description={t('office.note_max_hunt')} value={value('max_hunt')} min={1} onChange={(next) => set('max_hunt', Number(next))} error={told('max_hunt')} />
      </SimpleGrid>
      {problem && <Findings bad title={t('edit.notSaved')} findings={problem.document.errors?.length ? problem.document.errors : [{ detail: problem.message }]} />}
      <Row>
        <Button disabled={Object.keys(changes).length === 0} onClick={() => void save()}>
          {t('edit.save')}
        </Button>
        <Button variant="default" disabled={Object.keys(changes).length === 0} onClick={() => setChanges({})}>
          {t('edit.discard')}
        </Button>
      </Row>
    </Stack>
  );
}
