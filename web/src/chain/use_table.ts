// The table while it is edited: which rows differ, and saving them. A row may name one that is only
// being changed, too, so rows are tried again until none more can be saved.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../api/client';
import { useAll } from '../api/lists';
import { Problem } from '../api/problem';
import type { ChainRow } from '../api/types';
import { useUndo } from '../edit/editor';
import { bodyOf, withField, type ChainField } from './fields';

export function useChainTable() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const offerUndo = useUndo();
  const found = useAll<ChainRow>('office', '/api/v1/chain');
  const [edits, setEdits] = useState<Record<string, ChainRow>>({});
  const [problems, setProblems] = useState<Record<string, Problem>>({});
  const [saving, setSaving] = useState(false);

  const rows = found.items.map((row) => edits[row.id] ?? row);
  const change = useCallback(
    (row: ChainRow, field: ChainField, text: string) =>
      setEdits((all) => ({ ...all, [row.id]: withField(all[row.id] ?? row, field, text) })),
    [],
  );

  const saveOne = async (row: ChainRow): Promise<Problem | ChainRow> => {
    try {
      const saved = await put<ChainRow>('/api/v1/chain/{id}', { path: { id: row.id }, body: bodyOf(row), etag: `"${row.revision}"` });
      return saved.data;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  };
  const save = async () => {
    setSaving(true);
    let left = Object.values(edits);
    let last: ChainRow | undefined;
    let trouble: Record<string, Problem> = {};
    for (let before = left.length + 1; left.length > 0 && left.length < before; ) {
      before = left.length;
      trouble = {};
      const again: ChainRow[] = [];
      for (const row of left) {
        const answer = await saveOne(row);
        if (answer instanceof Problem) {
          trouble[row.id] = answer;
          again.push(row);
        } else {
          last = answer;
        }
      }
      left = again;
    }
    setProblems(trouble);
    setEdits(Object.fromEntries(left.map((row) => [row.id, row])));
    if (last) offerUndo(t('edit.saved', { revision: last.revision }), last.revision);
    await queries.invalidateQueries({ queryKey: ['office'] });
    setSaving(false);
  };
  const discard = () => {
    setEdits({});
    setProblems({});
  };
  return { found, rows, change, save, saving, discard, problems, changed: Object.keys(edits) };
}
