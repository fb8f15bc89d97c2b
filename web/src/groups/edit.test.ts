import { describe, expect, it } from 'vitest';
import * as edit from './edit';
import { planOf, type PlanPart } from './plan';

const part = (changes: Partial<PlanPart>): PlanPart => ({ strategy: 'ring_all', repeat: 1, members: [], stages: [], ...changes });
const line = (index: number, stage: number | null = null) => ({ stage, index });

describe('pulling bars', () => {
  it('moves a staggered start, never behind the end and never before 0', () => {
    const group = part({ strategy: 'staggered', timeout: 30, members: [{ ring: 'a' }, { ring: 'b', after: 6 }] });

    expect(edit.moveStart(group, line(1), 12).members[1]).toEqual({ ring: 'b', after: 12 });
    expect(edit.moveStart(group, line(1), 99).members[1]).toEqual({ ring: 'b', after: 29 });
    expect(edit.moveStart(group, line(1), -5).members[1]).toEqual({ ring: 'b' });
  });

  it('gives a staggered bar a length, and takes it away at the end', () => {
    const group = part({ strategy: 'staggered', timeout: 30, members: [{ ring: 'a', after: 6 }] });
    const shorter = edit.moveEnd(group, line(0), 20);

    expect(shorter.members[0]).toEqual({ ring: 'a', after: 6, for: 14 });
    expect(edit.moveEnd(shorter, line(0), 30).members[0]).toEqual({ ring: 'a', after: 6 });
  });

  it('changes the length before when a start in a row of rings is moved', () => {
    const group = part({ strategy: 'sequential', members: [{ ring: 'a', for: 10 }, { ring: 'b' }] });

    expect(edit.canMoveStart(group, line(0))).toBe(false);
    expect(edit.moveStart(group, line(1), 15).members).toEqual([{ ring: 'a', for: 15 }, { ring: 'b' }]);
    expect(edit.moveEnd(group, line(1), 25).members[1]).toEqual({ ring: 'b', for: 15 });
  });

  it('sets the waiting time by the edge when all ring together', () => {
    const group = part({ members: [{ ring: 'a' }], timeout: 30 });

    expect(edit.canMoveStart(group, line(0))).toBe(false);
    expect(edit.moveEnd(group, line(0), 42).timeout).toBe(42);
  });

  it('moves within its stage, and the stage by its own edge', () => {
    const group = part({ strategy: 'stages', stages: [{ ring: [{ ring: 'a' }], for: 10 }, { ring: [{ ring: 'b' }], for: 20 }] });

    expect(edit.moveStart(group, line(0, 1), 15).stages[1]?.ring[0]).toEqual({ ring: 'b', after: 5 });
    expect(edit.setStageLength(group, 0, 25).stages[0]?.for).toBe(25);
  });
});

describe('lines', () => {
  it('moves, removes and doubles', () => {
    const group = part({ members: [{ ring: 'a' }, { ring: 'b' }, { ring: 'c' }] });
    const names = (one: PlanPart) => one.members.map((member) => member.ring).join('');

    expect(names(edit.moveLine(group, line(0), line(2)))).toBe('bca');
    expect(names(edit.removeLine(group, line(1)))).toBe('ac');
    expect(names(edit.duplicateLine(group, line(1)))).toBe('abbc');
  });

  it('moves from stage to stage', () => {
    const group = part({ strategy: 'stages', stages: [{ ring: [{ ring: 'a' }, { ring: 'b' }] }, { ring: [{ ring: 'c' }] }] });
    const moved = edit.moveLine(group, line(1, 0), line(0, 1));

    expect(moved.stages.map((stage) => stage.ring.map((member) => member.ring).join(''))).toEqual(['a', 'bc']);
  });
});

describe('another strategy', () => {
  it('keeps the times when bars become free', () => {
    const group = part({ strategy: 'sequential', members: [{ ring: 'a', for: 10 }, { ring: 'b', for: 15 }] });
    const free = edit.withStrategy(group, 'staggered');

    expect(free.timeout).toBe(25);
    expect(free.members).toEqual([{ ring: 'a', for: 10 }, { ring: 'b', after: 10 }]);
    expect(planOf(free).bars.map((bar) => [bar.start, bar.end])).toEqual([[0, 10], [10, 25]]);
  });

  it('says what it fills in', () => {
    const group = part({ strategy: 'ring_all', timeout: 30, members: [{ ring: 'a' }] });
    const next = edit.withStrategy(group, 'sequential');

    expect(next.timeout).toBeUndefined();
    expect(edit.filledIn(group, next)).toEqual([
      { who: '', field: 'timeout', before: 30, after: undefined },
      { who: 'a', field: 'for', before: undefined, after: 20 },
    ]);
  });

  it('makes stages of what rings together, and people of stages', () => {
    const group = part({ strategy: 'sequential', members: [{ ring: 'a', for: 10 }, { ring: 'b', for: 15 }] });
    const staged = edit.withStrategy(group, 'stages');

    expect(staged.stages).toEqual([{ ring: [{ ring: 'a' }], for: 10 }, { ring: [{ ring: 'b' }], for: 15 }].map((stage) => ({ ring: stage.ring.map((one) => ({ ...one })), for: stage.for })));
    const back = edit.withStrategy({ ...staged, members: [] }, 'sequential');
    expect(back.members).toEqual([{ ring: 'a', for: 10 }, { ring: 'b', for: 15 }]);
  });
});
