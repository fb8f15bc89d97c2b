import type { ChainRow } from '../api/types';

export type ChainField = 'sip_number' | 'next_number' | 'service_number' | 'start_number' | 'for';
export const kChainFields: readonly ChainField[] = ['sip_number', 'next_number', 'service_number', 'start_number', 'for'];

export function fieldText(row: Partial<ChainRow>, field: ChainField): string {
  return String(row[field] ?? '');
}

export function withField<R extends Partial<ChainRow>>(row: R, field: ChainField, text: string): R {
  if (field !== 'for') return { ...row, [field]: text };
  const next = { ...row };
  delete next.for;
  return /^\d+$/.test(text) ? { ...next, for: Number(text) } : next;
}

export function bodyOf(row: ChainRow): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of kChainFields) if (row[field] !== undefined) body[field] = row[field];
  return body;
}

/** What was typed as a merge patch; an empty time is taken away, what is no number goes as it is. */
export function patchOf(typed: Partial<Record<ChainField, string>>): Record<string, unknown> {
  const patch: Record<string, unknown> = { ...typed };
  if (typed.for !== undefined) patch['for'] = typed.for === '' ? null : /^\d+$/.test(typed.for) ? Number(typed.for) : typed.for;
  return patch;
}
