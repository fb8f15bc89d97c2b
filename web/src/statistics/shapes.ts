// Geometry of the pictures of the statistics page: bars of the hours, the line of who gave up.
export interface Hour {
  hour: number;
  calls: number;
  answered: number;
}
export interface Step {
  after_s: number;
  share: number;
}
export interface Bar {
  hour: number;
  x: number;
  width: number;
  calls: { y: number; height: number };
  answered: { y: number; height: number };
}

/** One bar an hour, the tallest as high as the picture; what was answered stands inside of it. */
export function barsOf(hours: readonly Hour[], width: number, height: number): Bar[] {
  const most = Math.max(1, ...hours.map((one) => one.calls));
  const room = width / Math.max(1, hours.length);
  const tall = (calls: number) => {
    const of = (height * calls) / most;
    return { y: height - of, height: of };
  };
  return hours.map((one, i) => ({ hour: one.hour, x: i * room + room * 0.1, width: room * 0.8, calls: tall(one.calls), answered: tall(one.answered) }));
}

/** Points of the line from nobody at 0 s on; the whole height is everybody. */
export function curveOf(steps: readonly Step[], width: number, height: number): string {
  const longest = Math.max(1, ...steps.map((one) => one.after_s));
  const points = [{ after_s: 0, share: 0 }, ...steps];
  return points.map((one) => `${((width * one.after_s) / longest).toFixed(1)},${(height * (1 - one.share)).toFixed(1)}`).join(' ');
}

/** What `from` is for a choice of days that end now; on the minute, so that a page asks once. */
export function daysBefore(days: number, now: Date): string {
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 - days * 24 * 3_600_000).toISOString();
}
