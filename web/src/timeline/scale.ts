// Seconds to places on a track, and the ticks of its axis.

const kSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** A step that gives at most `most` ticks. */
export function tickStep(total: number, most = 8): number {
  return kSteps.find((step) => total / step <= most) ?? 3600;
}

export function ticks(total: number, most = 8): number[] {
  const step = tickStep(total, most);
  return Array.from({ length: Math.floor(total / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** The end of an axis that shows `total` with some room behind it. */
export function axisEnd(total: number): number {
  const step = tickStep(Math.max(total, 5) * 1.1);
  return Math.ceil((Math.max(total, 5) * 1.1) / step) * step;
}

export function percent(value: number, end: number): string {
  return `${((100 * Math.max(0, Math.min(value, end))) / end).toFixed(3)}%`;
}

export function tickLabel(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
