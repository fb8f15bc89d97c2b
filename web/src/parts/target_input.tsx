// Types a person, a group or a number: suggestions come from the office, anything else stays as typed.
import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { Page, SearchHit } from '../api/types';

export interface Chosen {
  kind: 'users' | 'groups' | 'typed';
  value: string;
}

interface Props {
  label: string;
  kinds: ('users' | 'groups')[];
  onChoose: (chosen: Chosen) => void;
  description?: string;
  autoFocus?: boolean;
  testId?: string;
  /** Groups by what is dialled to reach them rather than by name. */
  dialled?: boolean;
}

export function TargetInput({ label, kinds, onChoose, description, autoFocus, testId, dialled }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({
    queryKey: ['office', 'search', q],
    enabled: q !== '',
    queryFn: async ({ signal }) =>
      (await get<Page<SearchHit>>('/api/v1/search', { query: { q, limit: 20 }, signal })).data.items,
  });
  const hits = (found.data ?? []).filter((hit) => kinds.some((kind) => kind === hit.kind));
  const text = (hit: SearchHit) =>
    `${hit.label}${hit.number && hit.number !== hit.label ? ` · ${hit.number}` : ''}${hit.kind === 'groups' ? ` · ${t('common.group')}` : ''}`;
  const valueOf = (hit: SearchHit) => (hit.kind === 'users' || dialled ? hit.number || hit.id : hit.label);
  const choose = (shown: string) => {
    const hit = hits.find((one) => text(one) === shown);
    if (hit) onChoose({ kind: hit.kind === 'groups' ? 'groups' : 'users', value: valueOf(hit) });
    else if (shown.trim()) onChoose({ kind: 'typed', value: shown.trim() });
    setTyped('');
  };
  return (
    <Autocomplete
      label={label}
      description={description}
      value={typed}
      onChange={setTyped}
      data={[...new Set(hits.map(text))]}
      filter={({ options }) => options}
      onOptionSubmit={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.defaultPrevented) return;
        event.preventDefault();
        // A number or a name that fits exactly needs no choosing from the list.
        const exact = hits.find((hit) => hit.number === typed.trim() || hit.label.toLowerCase() === typed.trim().toLowerCase());
        choose(exact ? text(exact) : typed);
      }}
      autoFocus={autoFocus}
      data-testid={testId}
    />
  );
}
