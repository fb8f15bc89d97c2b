import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import { useToast } from '../parts/toast';

/** Undoes one change; says so, or why it cannot be. */
export function useTakeBack() {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  return useCallback(
    async (revision: number, how: 'undo' | 'restore' = 'undo') => {
      const path = how === 'undo' ? '/api/v1/revisions/{id}/undo' : '/api/v1/revisions/{id}/restore';
      try {
        await post(path, { path: { id: String(revision) } });
        toast({ text: t(how === 'undo' ? 'edit.undone' : 'history.restored', { revision }) });
      } catch (error) {
        toast({ text: t('edit.cannotUndo', { why: (error as Error).message }), bad: true });
      }
      await queries.invalidateQueries();
    },
    [t, toast, queries],
  );
}
