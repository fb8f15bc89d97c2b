// A short form that makes a thing; what is wrong stands next to its field.
import { Button, Group as Row, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { post, type Path } from '../api/client';
import { findingsByField, Problem } from '../api/problem';
import type { Thing } from '../api/types';
import { Findings } from './save_bar';

export type Told = (pointer: string) => string | undefined;

export function NewThing<T extends Thing>({
  title,
  list,
  body,
  fields,
  shown,
  close,
  done,
}: {
  title: string;
  list: Path;
  body: () => unknown;
  fields: (told: Told) => ReactNode;
  /** Pointers whose findings the fields show. */
  shown: string[];
  close: () => void;
  done?: (made: T) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const errors = findingsByField(problem?.document.errors);
  const told: Told = (pointer) => errors.get(pointer)?.map((one) => one.detail).join(' ');
  const all = problem?.document.errors ?? [];
  const rest = all.filter((one) => !shown.includes(one.pointer ?? ''));
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const made = await post<T>(list, { body: body() });
      await queries.invalidateQueries({ queryKey: ['office'] });
      await queries.invalidateQueries({ queryKey: ['state'] });
      close();
      done?.(made.data);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={(event) => void make(event)}>
        <Stack>
          {fields(told)}
          {problem && (rest.length > 0 || all.length === 0) && (
            <Findings bad title={t('edit.notSaved')} findings={rest.length ? rest : [{ detail: problem.message }]} />
          )}
          <Row justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('common.make')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Modal>
  );
}
