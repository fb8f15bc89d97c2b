// Ctrl+K: people, groups, numbers and pages by a few letters.
import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { get } from '../api/client';
import type { Page, SearchHit } from '../api/types';
import { useMyself } from '../session/session';
import { isShown, kPages } from './pages';

interface Hit {
  key: string;
  label: string;
  note: string;
  path: string;
}

/** Where a thing is shown; kinds without a page of their own are not offered. */
export function pathOf(kind: string, id: string): string | undefined {
  const part = encodeURIComponent(id);
  switch (kind) {
    case 'groups':
      return `/groups/${part}`;
    case 'users':
      return `/people/${part}`;
    case 'trunks':
      return `/trunks/${part}`;
    case 'mailboxes':
      return `/mailboxes/${part}`;
    case 'queues':
      return `/queues/${part}`;
    case 'ivrs':
      return `/menus/${part}`;
    case 'chain':
      return `/chain/${part}`;
    case 'numbers':
      return '/numbers';
    case 'schedules':
    case 'flags':
      return '/hours';
    case 'reports':
      return '/calls';
    case 'tests':
      return '/simulator';
    case 'sounds':
      return '/sounds';
    case 'webhooks':
      return `/integrations/${part}`;
    default:
      return undefined;
  }
}

export function SearchDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const session = useMyself();
  const [, go] = useLocation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [q] = useDebouncedValue(typed, 120);
  const found = useQuery({
    queryKey: ['office', 'search', q],
    enabled: opened && q.trim() !== '' && session.role !== 'user',
    queryFn: async ({ signal }) =>
      (await get<Page<SearchHit>>('/api/v1/search', { query: { q, limit: 10 }, signal })).data.items,
  });
  const pages: Hit[] = kPages
    .filter((page) => isShown(page, session))
    .map((page) => ({ key: page.path, label: t(`page.${page.key}`), note: t('search.page'), path: page.path }))
    .filter((hit) => hit.label.toLowerCase().includes(typed.toLowerCase()));
  const things: Hit[] = (found.data ?? []).flatMap((hit) => {
    const path = pathOf(hit.kind, hit.id);
    return path ? [{ key: `${hit.kind}/${hit.id}`, label: hit.label, note: hit.number, path }] : [];
  });
  const hits = typed === '' ? pages : [...things, ...pages];
  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    close();
    setTyped('');
    go(hit.path);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter') open(hits[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal opened={opened} onClose={close} title={t('search.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <TextInput
        data-autofocus
        label={t('search.label')}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={keys}
        role="combobox"
        aria-expanded="true"
        aria-controls="search-hits"
        aria-activedescendant={hits[chosen] ? `hit-${chosen}` : undefined}
      />
      <Stack gap={0} mt="sm" id="search-hits" role="listbox" aria-label={t('search.title')}>
        {hits.map((hit, i) => (
          <div
            key={hit.key}
            id={`hit-${i}`}
            role="option"
            aria-selected={i === chosen}
            className="rail-link"
            style={{ cursor: 'pointer', background: i === chosen ? 'var(--quiet-soft)' : undefined }}
            onClick={() => open(hit)}
          >
            <span style={{ flex: 1 }}>{hit.label}</span>
            <Text span c="dimmed" size="sm">
              {hit.note}
            </Text>
          </div>
        ))}
      </Stack>
      {typed !== '' && hits.length === 0 && !found.isFetching && <Text mt="sm">{t('search.none')}</Text>}
    </Modal>
  );
}
