import { describe, expect, it } from 'vitest';
import { differences, merged } from './merge';

describe('two who change one thing', () => {
  const base = { name: 'Sales', timeout: 30, members: ['101'] };

  it('keeps what only one of them changed', () => {
    expect(merged(base, { ...base, timeout: 40 }, { ...base, name: 'Shop' }, {})).toEqual({ name: 'Shop', timeout: 40, members: ['101'] });
  });

  it('asks about what both changed, and does as was chosen', () => {
    const mine = { ...base, timeout: 40 };
    const theirs = { ...base, timeout: 50 };

    expect(differences(base, mine, theirs)).toEqual([{ field: 'timeout', base: 30, mine: 40, theirs: 50, conflict: true }]);
    expect(merged(base, mine, theirs, { timeout: 'theirs' }).timeout).toBe(50);
    expect(merged(base, mine, theirs, { timeout: 'mine' }).timeout).toBe(40);
  });

  it('takes the same change of both as no conflict, whatever the order of keys', () => {
    const mine = { ...base, end: { a: 1, b: 2 } };
    const theirs = { ...base, end: { b: 2, a: 1 } };

    expect(differences(base, mine, theirs).some((one) => one.conflict)).toBe(false);
  });
});
