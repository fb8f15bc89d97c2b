// Two people changed one thing: what each changed, and where they disagree.

export type Fields = Record<string, unknown>;

export interface Difference {
  field: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** Both changed it, and not to the same. */
  conflict: boolean;
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

// The order of keys says nothing; an absent field and an undefined one are the same.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Fields that the server gives and nobody edits. */
const kGiven = new Set(['id', 'revision', 'warnings', 'health', 'state', 'now']);

export function withoutGiven(thing: object): Fields {
  return Object.fromEntries(Object.entries(thing).filter(([key]) => !kGiven.has(key)));
}

export function differences(base_: object, mine_: object, theirs_: object): Difference[] {
  const [base, mine, theirs] = [base_ as Fields, mine_ as Fields, theirs_ as Fields];
  const fields = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]);
  const found: Difference[] = [];
  for (const field of fields) {
    if (kGiven.has(field)) continue;
    const [b, m, o] = [base[field], mine[field], theirs[field]];
    const mineChanged = !same(b, m);
    const theirsChanged = !same(b, o);
    if (!mineChanged && !theirsChanged) continue;
    found.push({ field, base: b, mine: m, theirs: o, conflict: mineChanged && theirsChanged && !same(m, o) });
  }
  return found;
}

/** Theirs, with what I changed; where both did, what `choice` says. */
export function merged<T extends object>(
  base: T,
  mine: T,
  theirs: T,
  choice: Record<string, 'mine' | 'theirs'>,
): T {
  const result = { ...theirs } as Fields;
  for (const difference of differences(base, mine, theirs)) {
    const takeMine = difference.conflict
      ? (choice[difference.field] ?? 'mine') === 'mine'
      : !same(difference.base, difference.mine);
    if (!takeMine) continue;
    if (difference.mine === undefined) delete result[difference.field];
    else result[difference.field] = difference.mine;
  }
  return result as T;
}
