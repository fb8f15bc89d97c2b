// Where a call goes: a kind, and which one.
import { Autocomplete, Group, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAll } from '../api/lists';
import type { Path } from '../api/client';
import type { Destination } from '../api/types';

export type DestinationKind =
  | 'user' | 'group' | 'ivr' | 'queue' | 'mailbox' | 'number' | 'sip' | 'announce' | 'busy' | 'hangup';
const kKinds: DestinationKind[] = [
  'user', 'group', 'queue', 'ivr', 'mailbox', 'number', 'sip', 'announce', 'busy', 'hangup',
];

interface Named {
  id: string;
  name?: string;
  extension?: string;
  extensions?: string[];
}
const kLists: Partial<Record<DestinationKind, Path[]>> = {
  user: ['/api/v1/users'],
  group: ['/api/v1/groups'],
  queue: ['/api/v1/queues'],
  ivr: ['/api/v1/ivrs'],
  mailbox: ['/api/v1/mailboxes', '/api/v1/users'],
  announce: ['/api/v1/sounds'],
};

function valueOf(kind: DestinationKind, one: Named): string {
  if (kind === 'user' || (kind === 'mailbox' && one.extension && !one.name)) return one.extension ?? one.id;
  return one.name || one.extension || one.id;
}

function Choices({ kind, value, label, error, onChange }: { kind: DestinationKind; value: string; label: string; error?: string; onChange: (value: string) => void }) {
  const [first, second] = kLists[kind] ?? [];
  const a = useAll<Named>('office', first ?? '/api/v1/users', {}, first !== undefined);
  const b = useAll<Named>('office', second ?? '/api/v1/users', {}, second !== undefined);
  const own = a.items.map((one) => ({
    value: valueOf(kind, one),
    label: [one.name, one.extension ?? one.extensions?.[0]].filter(Boolean).join(' · ') || one.id,
  }));
  const boxes = second
    ? b.items.map((one) => ({ value: one.extension ?? one.id, label: [one.name, one.extension].filter(Boolean).join(' · ') }))
    : [];
  const all = [...own, ...boxes].filter((one, i, list) => list.findIndex((other) => other.value === one.value) === i);
  if (all.length > 200)
    return (
      <Autocomplete label={label} value={value} onChange={onChange} error={error} limit={20} data={all.map((one) => one.value)} />
    );
  const known = value === '' || all.some((one) => one.value === value);
  const choices = [...(value === '' ? [{ value: '', label: '…' }] : []), ...(known ? [] : [{ value, label: value }]), ...all];
  return (
    <NativeSelect label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} data={choices} error={error} />
  );
}

export function DestinationInput({
  label,
  value,
  onChange,
  empty,
  error,
  kinds = kKinds,
}: {
  label: string;
  value: Destination | null | undefined;
  onChange: (value: Destination | undefined) => void;
  /** Text of the choice "none"; without it one must be chosen. */
  empty?: string;
  error?: string;
  kinds?: DestinationKind[];
}) {
  const { t } = useTranslation();
  const [kind, inner] = Object.entries(value ?? {})[0] ?? ['', ''];
  const who = typeof inner === 'string' ? inner : '';
  const setKind = (next: string) => {
    if (next === '') onChange(undefined);
    else onChange({ [next]: next === 'busy' || next === 'hangup' ? true : '' });
  };
  const lists = kLists[kind as DestinationKind];
  const secondLabel = t('destination.which');
  return (
    <Group align="flex-end" gap="xs" wrap="wrap">
      <NativeSelect
        label={label}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value)}
        data={[
          ...(empty !== undefined ? [{ value: '', label: empty }] : kind === '' ? [{ value: '', label: '…' }] : []),
          ...kinds.map((one) => ({ value: one, label: t(`destination.${one}`) })),
        ]}
        error={lists || kind === 'number' || kind === 'sip' ? undefined : error}
      />
      {lists ? (
        <Choices kind={kind as DestinationKind} value={who} label={secondLabel} onChange={(next) => onChange({ [kind]: next })} {...(error ? { error } : {})} />
      ) : kind === 'number' || kind === 'sip' ? (
        <TextInput
          label={secondLabel}
          value={who}
          placeholder={kind === 'number' ? '+48…' : 'sip:…'}
          onChange={(event) => onChange({ [kind]: event.currentTarget.value })}
          error={error}
        />
      ) : null}
    </Group>
  );
}
