// What became of each row of an imported table, in figures and as a file.
import type { Imported } from '../api/types';

export type ImportRow = Imported['rows'][number];

export interface Tally {
  all: number;
  taken: number;
  partly: number;
  leftOut: number;
}

export function tally(rows: readonly ImportRow[]): Tally {
  const count = (verdict: ImportRow['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  return { all: rows.length, taken: count('taken'), partly: count('partly'), leftOut: count('left_out') };
}

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The report as CSV (RFC 4180). */
export function reportCsv(rows: readonly ImportRow[]): string {
  const lines = rows.map((row) => [String(row.line), row.verdict, row.kind, row.name, row.notes.join('; ')]);
  return [['line', 'verdict', 'kind', 'name', 'notes'], ...lines].map((one) => `${one.map(cell).join(',')}\r\n`).join('');
}
