// The user's own line of the chain on a page of its own, where the administrator allows it.
import { Button, Group as Row, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { ChainRow } from '../api/types';
import { fieldText, kChainFields, patchOf, type ChainField } from '../chain/fields';
import { Findings } from '../edit/save_bar';
import { Empty, Failed, Loading, PageHead } from '../parts/states';
import { useToast } from '../parts/toast';
import { useMyself } from '../session/session';

function Line({ row, etag }: { row: ChainRow; etag: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const [changes, setChanges] = useState<Partial<Record<ChainField, string>>>({});
  const [problem, setProblem] = useState<Problem>();
  const errors = findingsByField(problem?.document.errors);
  const rest = (problem?.document.errors ?? []).filter((one) => !kChainFields.some((field) => one.pointer === `/${field}`));
  const dirty = Object.keys(changes).length > 0;
  const save = async () => {
    setProblem(undefined);
    try {
      await patch('/api/v1/me/chain', { body: patchOf(changes), etag });
      setChanges({});
      toast({ text: t('edit.savedPlain') });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
    await queries.invalidateQueries({ queryKey: ['state'] });
  };
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {kChainFields.map((field) => (
          <TextInput
            key={field}
            label={t(`chain.${field}`)}
            description={t(`chain.note_${field}`)}
            value={changes[field] ?? fieldText(row, field)}
            // The number that the line is about is the administrator's to choose.
            readOnly={field === 'sip_number'}
            onChange={(event) => setChanges({ ...changes, [field]: event.currentTarget.value })}
            error={errors.get(`/${field}`)?.map((one) => one.detail).join(' ')}
          />
        ))}
      </SimpleGrid>
      {problem && (rest.length > 0 || errors.size === 0) && <Findings bad title={t('edit.notSaved')} findings={rest.length ? rest : [{ detail: problem.message }]} />}
      <Row>
        <Button disabled={!dirty} onClick={() => void save()}>
          {t('edit.save')}
        </Button>
        <Button variant="default" disabled={!dirty} onClick={() => setChanges({})}>
          {t('edit.discard')}
        </Button>
        <Text size="sm" c="dimmed" aria-live="polite">
          {dirty ? t('edit.unsaved') : t('edit.unchanged')}
        </Text>
      </Row>
    </Stack>
  );
}

function Mine() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ['state', 'my chain'], queryFn: () => get<ChainRow>('/api/v1/me/chain'), retry: false });
  if (found.isPending) return <Loading />;
  if (found.error instanceof Problem && found.error.status === 404) return <Empty text={t('myChain.none')} />;
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return <Line row={found.data.data} etag={found.data.etag} />;
}

export default function MyChainPage() {
  const { t } = useTranslation();
  const session = useMyself();
  return (
    <>
      <PageHead title={t('page.myChain')} icon="chain" note={t('myChain.note')} />
      {session.permissions.own_chain ? <Mine /> : <Empty text={t('myChain.notAllowed')} />}
    </>
  );
}
