import { describe, expect, it } from 'vitest';
import { barsOf, curveOf, daysBefore } from './shapes';

describe('bars of the hours', () => {
  it('are as high as their part of the busiest hour', () => {
    const bars = barsOf([{ hour: 0, calls: 4, answered: 1 }, { hour: 1, calls: 2, answered: 2 }], 100, 40);
    expect(bars.map((bar) => bar.calls)).toEqual([{ y: 0, height: 40 }, { y: 20, height: 20 }]);
    expect(bars.map((bar) => bar.answered)).toEqual([{ y: 30, height: 10 }, { y: 20, height: 20 }]);
    expect(bars.map((bar) => bar.x)).toEqual([5, 55]);
  });

  it('have no height without calls', () => {
    expect(barsOf([{ hour: 0, calls: 0, answered: 0 }], 10, 10)[0]?.calls.height).toBe(0);
  });
});

describe('the line of who gave up', () => {
  it('begins with nobody and falls on the page as the share rises', () => {
    expect(curveOf([{ after_s: 5, share: 0.25 }, { after_s: 10, share: 0.5 }], 100, 40)).toBe('0.0,40.0 50.0,30.0 100.0,20.0');
  });
});

describe('days before now', () => {
  it('are told on the minute', () => {
    expect(daysBefore(7, new Date('2026-03-09T12:00:59Z'))).toBe('2026-03-02T12:00:00.000Z');
  });
});
