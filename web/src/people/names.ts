// What an extension is called: "101" -> "Alice". Unknown ones are their own name.
import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { get } from '../api/client';
import type { Group, User } from '../api/types';

const kPlain = /^[^+@:]+$/;

async function lookUp(target: string): Promise<string> {
  try {
    const user = await get<User>('/api/v1/users/{id}', { path: { id: target } });
    return user.data.name || user.data.extension;
  } catch {
    try {
      return (await get<Group>('/api/v1/groups/{id}', { path: { id: target } })).data.name;
    } catch {
      return target;
    }
  }
}

export function useNames(targets: string[], known: Record<string, string> = {}) {
  const unknown = useMemo(
    () => [...new Set(targets)].filter((target) => target && !known[target] && kPlain.test(target)).slice(0, 200),
    [targets, known],
  );
  const names = useQueries({
    queries: unknown.map((target) => ({
      queryKey: ['office', 'name', target],
      queryFn: () => lookUp(target),
      staleTime: 60_000,
    })),
    combine: (results) =>
      Object.fromEntries(unknown.map((target, i) => [target, results[i]?.data ?? target])),
  });
  return useCallback((target: string) => known[target] ?? names[target] ?? target, [known, names]);
}
