// The user's own line of the chain, where the administrator allows it.
import { Button, SimpleGrid, TextInput, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { ChainRow } from '../api/types';
import { fieldText, withField, type ChainField } from '../chain/fields';
import { useToast } from '../parts/toast';

const kOwn: ChainField[] = ['next_number', 'service_number', 'start_number', 'for'];

export function MyChain() {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['state', 'my chain'], queryFn: () => get<ChainRow>('/api/v1/me/chain'), retry: false });
  const [changes, setChanges] = useState<Partial<ChainRow>>({});
  const [problem, setProblem] = useState<Problem>();
  if (!found.data) return null;
  const row = { ...found.data.data, ...changes };
  const errors = findingsByField(problem?.document.errors);
  const save = async () => {
    setProblem(undefined);
    try {
      await patch('/api/v1/me/chain', { body: changes, etag: found.data.etag });
      setChanges({});
      toast({ text: t('edit.savedPlain') });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    await queries.invalidateQueries({ queryKey: ['state'] });
  };
  return (
    <details>
      <summary>{t('page.chain')}</summary>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {kOwn.map((field) => (
          <TextInput
            key={field}
            label={t(`chain.${field}`)}
            description={t(`chain.note_${field}`)}
            value={fieldText(row, field)}
            onChange={(event) => setChanges(withField(changes, field, event.currentTarget.value))}
            error={errors.get(`/${field}`)?.map((one) => one.detail).join(' ')}
          />
        ))}
      </SimpleGrid>
      {problem && <Text role="alert">{problem.message}</Text>}
      <Button mt="sm" disabled={Object.keys(changes).length === 0} onClick={() => void save()}>
        {t('edit.save')}
      </Button>
    </details>
  );
}
