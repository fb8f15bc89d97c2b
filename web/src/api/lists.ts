// Lists by cursor, things by id: the reading half of every page.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, type Answer, type Path } from './client';
import type { Page } from './types';

type Query = Record<string, string | number | undefined>;
export const kPageSize = 50;

/** `kind` is the first part of the key, which an event makes old (stream/use_stream.tsx). */
export function useList<T>(
  kind: string,
  path: Path,
  query: Query = {},
  options: { path?: Record<string, string>; enabled?: boolean; every?: number } = {},
) {
  const found = useInfiniteQuery({
    queryKey: [kind, path, query, options.path],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const asked = { query: { limit: kPageSize, ...query, cursor: pageParam }, signal };
      return (await get<Page<T>>(path, { ...asked, ...(options.path && { path: options.path }) }))
        .data;
    },
    getNextPageParam: (last) => last.next || undefined,
    enabled: options.enabled ?? true,
    // Of what no event tells: asked again every so many ms.
    ...(options.every !== undefined && { refetchInterval: options.every }),
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return { ...found, items };
}

/** All of a list that is small by nature (schedules, flags), or its first thousand. */
export function useAll<T>(kind: string, path: Path, query: Query = {}, enabled = true) {
  const found = useQuery({
    queryKey: [kind, path, 'all', query],
    queryFn: async ({ signal }) =>
      (await get<Page<T>>(path, { query: { limit: 1000, ...query }, signal })).data.items,
    enabled,
  });
  return { ...found, items: found.data ?? [] };
}

export function useThing<T>(kind: string, path: Path, id: string, enabled = true) {
  return useQuery<Answer<T>>({
    queryKey: [kind, path, id],
    queryFn: ({ signal }) => get<T>(path, { path: { id }, signal }),
    enabled: enabled && id !== '',
  });
}

export function useValue<T>(kind: string, path: Path, query: Query = {}, enabled = true) {
  return useQuery({
    queryKey: [kind, path, 'value', query],
    queryFn: async ({ signal }) => (await get<T>(path, { query, signal })).data,
    enabled,
  });
}
