import { describe, expect, it } from 'vitest';
import { planOf, limitOf, togetherOf, type PlanPart } from './plan';

const part = (changes: Partial<PlanPart>): PlanPart => ({ strategy: 'ring_all', repeat: 1, members: [], stages: [], ...changes });
const spans = (group: PlanPart) => planOf(group).bars.map((bar) => [bar.member.ring, bar.start, bar.end]);

describe('the plan of a group', () => {
  it('rings all from the beginning to the waiting time, 30 s when none is given', () => {
    const group = part({ members: [{ ring: 'a', for: 5, after: 3 }, { ring: 'b' }] });

    expect(spans(group)).toEqual([['a', 0, 30], ['b', 0, 30]]);
    expect(limitOf({ ...group, timeout: 20, repeat: 3 })).toBe(60);
  });

  it('staggers by each own delay, and cuts at the waiting time', () => {
    const group = part({ strategy: 'staggered', timeout: 30, members: [{ ring: 'a' }, { ring: 'b', after: 6 }, { ring: 'c', after: 10, for: 15 }, { ring: 'd', after: 25, for: 60 }, { ring: 'e', after: 40 }] });

    expect(spans(group)).toEqual([['a', 0, 30], ['b', 6, 30], ['c', 10, 25], ['d', 25, 30], ['e', 40, 40]]);
  });

  it('adds people step by step: each joins after the lengths before', () => {
    const group = part({ strategy: 'rollover', timeout: 30, members: [{ ring: 'a', for: 8 }, { ring: 'b' }, { ring: 'c', for: 9 }] });

    expect(spans(group)).toEqual([['a', 0, 30], ['b', 8, 30], ['c', 28, 30]]);
  });

  it('rings one after another, 20 s each where nothing is said', () => {
    const group = part({ strategy: 'sequential', members: [{ ring: 'a', for: 10 }, { ring: 'b' }] });

    expect(spans(group)).toEqual([['a', 0, 10], ['b', 10, 30]]);
    expect(limitOf(group)).toBeUndefined();
  });

  it('rings equal given priorities together, as long as the longest', () => {
    const group = part({ strategy: 'sequential', members: [{ ring: 'a', priority: 2, for: 10 }, { ring: 'b', priority: 1, for: 5 }, { ring: 'c', priority: 2, for: 15 }] });

    expect(togetherOf(group)).toEqual([[1], [0, 2]]);
    expect(spans(group)).toEqual([['b', 0, 5], ['a', 5, 20], ['c', 5, 20]]);
  });

  it('keeps the clock of each stage', () => {
    const group = part({ strategy: 'stages', stages: [{ ring: [{ ring: 'a' }, { ring: 'b', after: 4 }], for: 12 }, { ring: [{ ring: 'b', for: 8 }, { ring: 'c' }] }] });

    expect(spans(group)).toEqual([['a', 0, 12], ['b', 4, 12], ['b', 12, 20], ['c', 12, 32]]);
    expect(planOf(group).stages).toEqual([{ start: 0, end: 12 }, { start: 12, end: 32 }]);
  });

  it('gives a rule 30 s where nothing is said', () => {
    const group = part({ strategy: 'stages', fallback: 30, stages: [{ ring: [{ ring: 'a' }] }] });

    expect(spans(group)).toEqual([['a', 0, 30]]);
  });
});
