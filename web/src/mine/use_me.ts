// The user himself: what he has, and saving what he may change.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, type Answer } from '../api/client';
import type { Forward, Me, Rule, User } from '../api/types';
import { useToast } from '../parts/toast';

export interface MyChange {
  do_not_disturb?: boolean;
  paused?: string;
  forward?: Forward;
  rules?: Rule[];
}

export function useMe() {
  const { t } = useTranslation();
  const toast = useToast();
  const queries = useQueryClient();
  const found = useQuery<Answer<Me>>({ queryKey: ['state', 'me'], queryFn: () => get<Me>('/api/v1/me') });
  const save = useCallback(
    async (change: MyChange, etag: string) => {
      await patch('/api/v1/me', { body: change, etag });
      toast({ text: t('edit.savedPlain') });
      await queries.invalidateQueries({ queryKey: ['state'] });
    },
    [t, toast, queries],
  );
  const user = found.data?.data.user as User | null | undefined;
  return { found, me: found.data?.data, user: user ?? undefined, etag: found.data?.etag ?? '', save };
}
