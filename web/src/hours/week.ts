// Opening hours as lines ("Mo-Fr 08:00-16:00") and as a grid of whole hours: seven days of 24 cells.

export const kDays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] as const;
export type Week = boolean[][];

export function emptyWeek(): Week {
  return kDays.map(() => Array.from({ length: 24 }, () => false));
}

function daysOf(text: string): number[] | undefined {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first] = part.split('-');
    const from = kDays.findIndex((day) => day === first);
    const until = kDays.findIndex((day) => day === last);
    if (from < 0 || until < 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === until) break;
    }
  }
  return [...days];
}

function hourOf(text: string): number | undefined {
  const found = /^(\d{2}):00$/.exec(text);
  const hour = found ? Number(found[1]) : Number.NaN;
  return hour <= 24 ? hour : undefined;
}

/** Nothing when a line is not on whole hours: the grid would lose it. */
export function weekOf(lines: readonly string[]): Week | undefined {
  const week = emptyWeek();
  const set = (day: number, hour: number) => {
    const row = week[(day + Math.floor(hour / 24)) % 7];
    if (row) row[hour % 24] = true;
  };
  for (const line of lines) {
    if (line === 'always') return kDays.map(() => Array.from({ length: 24 }, () => true));
    const words = line.split(' ').filter(Boolean);
    const timed = words.find((word) => word.includes(':'));
    const named = words.find((word) => !word.includes(':'));
    const days = named === undefined ? [0, 1, 2, 3, 4, 5, 6] : daysOf(named);
    const [from, until] = timed === undefined ? [0, 24] : timed.split('-').map(hourOf);
    if (!days || from === undefined || until === undefined) return undefined;
    const end = until <= from ? until + 24 : until;
    for (const day of days) for (let hour = from; hour < end; ++hour) set(day, hour);
  }
  return week;
}

function intervalsOf(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  for (let hour = 0; hour < 24; ++hour) {
    if (!row[hour]) continue;
    const last = found.at(-1);
    if (last && last[1] === hour) last[1] = hour + 1;
    else found.push([hour, hour + 1]);
  }
  return found;
}

function dayWords(days: number[]): string {
  const runs: number[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .map((run) => {
      const [first, last] = [kDays[run[0] ?? 0] ?? 'Mo', kDays[run.at(-1) ?? 0] ?? 'Mo'];
      return run.length === 1 ? first : `${first}-${last}`;
    })
    .join(',');
}

/** The fewest lines that say the same: days with one interval in common stand together. */
export function linesOf(week: Week): string[] {
  const byInterval = new Map<string, number[]>();
  week.forEach((row, day) => {
    for (const [from, until] of intervalsOf(row)) {
      const clock = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`;
      const text = from === 0 && until === 24 ? '' : `${clock(from)}-${clock(until)}`;
      byInterval.set(text, [...(byInterval.get(text) ?? []), day]);
    }
  });
  return [...byInterval].map(([interval, days]) => `${dayWords(days)} ${interval}`.trim());
}

export function withCell(week: Week, day: number, hour: number, on: boolean): Week {
  return week.map((row, d) => (d === day ? row.map((cell, h) => (h === hour ? on : cell)) : row));
}
