// A saved test: what of an answer is expected the next time, and the address that asks it again.
import type { Finally, Member, PlanStory, SavedTest, Stage } from '../api/types';

const seconds = (ms: number) => ms / 1000;
// Shorter is no length that a plan may be written with.
const kLeastMs = 1000;

export interface Expectation {
  stages?: Stage[];
  finally?: Finally;
  leads_to?: string;
}

export function expectationOf(story: PlanStory): Expectation {
  const length = (ms: number | null) => (ms !== null && ms >= kLeastMs ? { for: seconds(ms) } : {});
  const stages = story.plan.stages.map((stage) => ({
    ring: stage.rings.map(
      (ring): Member => ({ ring: ring.target, ...(ring.after_ms > 0 && { after: seconds(ring.after_ms) }), ...length(ring.for_ms) }),
    ),
    ...length(stage.for_ms),
  }));
  if (stages.length > 0) return { stages, ...(story.plan.finally && { finally: story.plan.finally }) };
  const last = story.decisions.at(-1)?.what;
  return last ? { leads_to: last } : {};
}

/** "2026-03-02T10:00", as a field for a moment takes it. */
export function localMinute(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function questionUrl(test: SavedTest): string {
  const query = new URLSearchParams({ number: test.number });
  if (test.from) query.set('from', test.from);
  if (test.at) query.set('at', localMinute(test.at));
  query.set('phones', test.phones.length ? test.phones.join(',') : 'all');
  if (test.seed !== 1) query.set('seed', String(test.seed));
  return `/simulator?${query.toString()}`;
}
