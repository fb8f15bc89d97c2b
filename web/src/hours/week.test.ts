import { describe, expect, it } from 'vitest';
import { emptyWeek, linesOf, weekOf, withCell } from './week';

describe('opening hours as a grid', () => {
  it('comes back as the lines that it was made of', () => {
    for (const lines of [['Mo-Fr 08:00-16:00'], ['Mo-Fr 08:00-12:00', 'Mo-Fr 13:00-17:00'], ['Sa,Su 10:00-14:00'.replace('Sa,Su', 'Sa-Su')], ['Mo,We 09:00-10:00'], []])
      expect(linesOf(weekOf(lines) ?? emptyWeek())).toEqual(lines);
  });

  it('goes over midnight', () => {
    const week = weekOf(['Fr 22:00-06:00']);

    expect(week?.[4]?.[23]).toBe(true);
    expect(week?.[5]?.[5]).toBe(true);
    expect(week?.[5]?.[6]).toBe(false);
  });

  it('leaves lines alone that are not on whole hours', () => {
    expect(weekOf(['Mo-Fr 08:30-16:00'])).toBeUndefined();
    expect(weekOf(['Xx 08:00-16:00'])).toBeUndefined();
  });

  it('changes one cell', () => {
    expect(linesOf(withCell(emptyWeek(), 0, 23, true))).toEqual(['Mo 23:00-00:00']);
  });
});
