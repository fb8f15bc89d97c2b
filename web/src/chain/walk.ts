// A chain as it is walked: from a start along Next Number to its end or back into itself.
import type { ChainRow } from '../api/types';

export interface Walk {
  service: string;
  members: string[];
  /** The place in `members` to which it returns; none: it ends. */
  loopsTo: number | undefined;
  /** A Next Number that names nobody. */
  missing: string | undefined;
}

/** Empty, `1` and four or more zeros say the same: nothing follows. */
export function isEnd(next: string): boolean {
  return next === '' || next === '1' || /^0{4,}$/.test(next);
}
const isEmpty = (text: string) => text === '' || text === '1';

export function walkFrom(rows: readonly ChainRow[], start: string, service: string): Walk {
  const byNumber = new Map(rows.map((row) => [row.sip_number, row]));
  const members: string[] = [];
  for (let at = start; ; ) {
    const row = byNumber.get(at);
    if (!row) return { service, members, loopsTo: undefined, missing: at };
    const seen = members.indexOf(at);
    if (seen >= 0) return { service, members, loopsTo: seen, missing: undefined };
    members.push(at);
    if (isEnd(row.next_number)) return { service, members, loopsTo: undefined, missing: undefined };
    at = row.next_number;
  }
}

/** One walk for each service number. */
export function walks(rows: readonly ChainRow[]): Walk[] {
  return rows
    .filter((row) => !isEmpty(row.service_number))
    .map((row) => walkFrom(rows, isEmpty(row.start_number) ? row.sip_number : row.start_number, row.service_number));
}
