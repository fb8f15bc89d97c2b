// One thing being edited: what the server has, what was typed, and how the one becomes the other.
// What was typed outlives a reload, an expired session and a server that is away.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, put, remove, type Answer, type Path } from '../api/client';
import { useThing } from '../api/lists';
import { findingsByField, Problem, type Finding } from '../api/problem';
import type { Page, RevisionItem, Thing } from '../api/types';
import { findingInWords } from '../api/words';
import { useToast } from '../parts/toast';
import { same, withoutGiven, type Fields } from './merge';

interface Kept<T> {
  base: T;
  etag: string;
  draft: T;
}

export interface Conflict<T> {
  theirs: T;
  etag: string;
}

export interface Editor<T extends Thing> {
  loading: boolean;
  error: unknown;
  reload: () => void;
  base: T | undefined;
  draft: T | undefined;
  dirty: boolean;
  restored: boolean;
  saving: boolean;
  problem: Problem | undefined;
  warnings: Finding[];
  conflict: Conflict<T> | undefined;
  change: (changes: Partial<T> | ((draft: T) => T)) => void;
  undoStep: () => void;
  redoStep: () => void;
  canUndo: boolean;
  canRedo: boolean;
  save: () => Promise<boolean>;
  discard: () => void;
  /** Ends a conflict: goes on with `draft` on top of theirs. */
  resolve: (draft: T | undefined) => void;
  fieldError: (pointer: string) => string | undefined;
}

function keptKey(path: Path, id: string): string {
  return `harrier.draft ${path} ${id}`;
}
// Passwords are typed again rather than lie in the browser's storage.
const kNeverKept = new Set(['password', 'web_password', 'pin', 'secret', 'old_secret']);
function keptText(kept: unknown): string {
  return JSON.stringify(kept, (key, value: unknown) => (kNeverKept.has(key) ? undefined : value));
}
function readKept<T>(key: string): Kept<T> | undefined {
  const text = sessionStorage.getItem(key);
  return text ? (JSON.parse(text) as Kept<T>) : undefined;
}

type Body = Fields & { warnings?: Finding[] };

/** Says what was done, with the offer to take it back. */
export function useUndo() {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  return useCallback(
    (text: string, revision: number) => {
      const undo = async () => {
        try {
          await post('/api/v1/revisions/{id}/undo', { path: { id: String(revision) } });
          toast({ text: t('edit.undone') });
        } catch (error) {
          toast({ text: t('edit.cannotUndo', { why: (error as Error).message }), bad: true });
        }
        await queries.invalidateQueries();
      };
      toast({ text, action: { label: t('edit.undo'), run: () => void undo() } });
    },
    [t, toast, queries],
  );
}

/** Saves over `etag` and offers to undo; also used by switches, which save at once. */
export function useSaving() {
  const { t } = useTranslation();
  const offerUndo = useUndo();
  const queries = useQueryClient();
  const renew = useCallback(() => queries.invalidateQueries({ queryKey: ['office'] }), [queries]);
  return useCallback(
    async <T extends Thing>(path: Path, before: T, after: T, etag: string): Promise<Answer<T & Body>> => {
      const write = (body: T, tag: string) =>
        put<T & Body>(path, { path: { id: before.id }, body: withoutGiven(body), etag: tag });
      const saved = await write(after, etag);
      offerUndo(t('edit.saved', { revision: saved.data.revision }), saved.data.revision);
      await renew();
      return saved;
    },
    [t, offerUndo, renew],
  );
}

export function useEditor<T extends Thing>(path: Path, id: string): Editor<T> {
  const found = useThing<T>('office', path, id);
  const key = keptKey(path, id);
  const saveThing = useSaving();
  const [kept, setKept] = useState<Kept<T> | undefined>(() => readKept<T>(key));
  const [restored, setRestored] = useState(kept !== undefined);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [warnings, setWarnings] = useState<Finding[]>([]);
  const [conflict, setConflict] = useState<Conflict<T>>();
  const past = useRef<T[]>([]);
  const future = useRef<T[]>([]);

  const base = kept?.base ?? found.data?.data;
  const etag = kept?.etag ?? found.data?.etag ?? '';
  const draft = kept?.draft ?? base;
  const dirty = kept !== undefined && !same(kept.base, kept.draft);

  useEffect(() => {
    if (kept && dirty) sessionStorage.setItem(key, keptText(kept));
    else sessionStorage.removeItem(key);
  }, [key, kept, dirty]);

  const replace = useCallback(
    (next: T) => {
      if (base) setKept({ base, etag, draft: next });
    },
    [base, etag],
  );
  const change = useCallback(
    (changes: Partial<T> | ((draft: T) => T)) => {
      if (!draft) return;
      const next = typeof changes === 'function' ? changes(draft) : { ...draft, ...changes };
      if (same(next, draft)) return;
      past.current = [...past.current.slice(-99), draft];
      future.current = [];
      replace(next);
    },
    [draft, replace],
  );
  const step = useCallback(
    (from: typeof past, to: typeof past) => {
      const next = from.current.pop();
      if (!next || !draft) return;
      to.current.push(draft);
      replace(next);
    },
    [draft, replace],
  );
  const forget = useCallback(() => {
    past.current = [];
    future.current = [];
    setKept(undefined);
    setRestored(false);
    setProblem(undefined);
    setConflict(undefined);
  }, []);

  const save = useCallback(async () => {
    if (!base || !draft || saving) return false;
    setSaving(true);
    setProblem(undefined);
    try {
      const saved = await saveThing<T>(path, base, draft, etag);
      setWarnings(((saved.data as { warnings?: Finding[] }).warnings ?? []).map(findingInWords));
      forget();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 412) {
        setProblem(error);
        return false;
      }
      const theirs = await get<T>(path, { path: { id } });
      // The first try arrived after all, and only its answer was lost.
      if (same(withoutGiven(theirs.data), withoutGiven(draft))) forget();
      else setConflict({ theirs: theirs.data, etag: theirs.etag });
      return false;
    } finally {
      setSaving(false);
    }
  }, [base, draft, etag, forget, id, path, saveThing, saving]);

  const resolve = useCallback(
    (chosen: T | undefined) => {
      if (!conflict) return;
      setConflict(undefined);
      if (chosen) setKept({ base: conflict.theirs, etag: conflict.etag, draft: chosen });
      else forget();
      void found.refetch();
    },
    [conflict, forget, found],
  );

  const byField = useMemo(() => findingsByField(problem?.document.errors), [problem]);
  const fieldError = useCallback(
    (pointer: string) =>
      byField
        .get(pointer)
        ?.map((finding) => finding.detail)
        .join(' '),
    [byField],
  );

  return {
    loading: found.isPending && !kept,
    error: found.error,
    reload: () => void found.refetch(),
    base, draft, dirty, restored, saving, problem, warnings, conflict, change, save,
    undoStep: () => step(past, future),
    redoStep: () => step(future, past),
    canUndo: past.current.length > 0,
    canRedo: future.current.length > 0,
    discard: forget,
    resolve, fieldError,
  };
}

/**
 * Removes a thing; the answer when something still names it is a Problem with those references.
 * `replace`: what is to stand there instead (docs/api.md).
 */
export function useRemoving() {
  const { t } = useTranslation();
  const offerUndo = useUndo();
  const queries = useQueryClient();
  return useCallback(
    async <T extends Thing>(kind: string, path: Path, thing: T, etag: string, label: string, replace?: string) => {
      await remove(path, { path: { id: thing.id }, etag, ...(replace !== undefined && { query: { replace } }) });
      const query = { kind, id: thing.id, limit: 1 };
      const found = await get<Page<RevisionItem>>('/api/v1/revisions', { query });
      const revision = found.data.items[0]?.revision;
      if (revision !== undefined) offerUndo(t('edit.removed', { label }), revision);
      await queries.invalidateQueries({ queryKey: ['office'] });
    },
    [queries, t, offerUndo],
  );
}
