import { describe, expect, it } from 'vitest';
import { rowsOf } from './rows';

describe('the figures of a simulation', () => {
  it('stand side by side, members apart', () => {
    const { overall, members } = rowsOf([
      { configuration: 'now', figures: [{ what: 'answered', value: 0.5 }, { what: 'ended in', whose: 'busy', value: 0.1 }, { what: 'answered', whose: '101', value: 3 }] },
      { configuration: 'changed', figures: [{ what: 'answered', value: 0.75, give_or_take: 0.1 }, { what: 'answered', whose: '101', value: 4 }] },
    ]);
    expect(overall.map((row) => [row.key, row.unit, row.values.map((value) => value?.value)])).toEqual([
      ['answered', 'share', [0.5, 0.75]],
      ['ended_in', 'share', [0.1]],
    ]);
    expect(members.map((one) => [one.whose, one.rows.get('answered')?.values.map((value) => value?.value)])).toEqual([['101', [3, 4]]]);
  });
});
