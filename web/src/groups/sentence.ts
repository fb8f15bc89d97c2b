// The plan as one plain sentence in the page's language. It reads the shape that the server explains
// with, so what is said here is what the server would do.
import type { TFunction } from 'i18next';
import type { Finally, Group, PlanStory, Strategy } from '../api/types';
import { isParallel, nameOf, planOf, limitOf, type PlanPart } from './plan';

export interface SaidRing {
  target: string;
  after: number;
  for: number | null;
}
export interface SaidPlan {
  stages: { rings: SaidRing[]; for: number | null }[];
  rounds: number | 'forever';
  limit: number | null;
  finally: Finally | null | undefined;
}

const seconds = (ms: number | null) => (ms === null ? null : Math.round(ms / 1000));

export function saidOfStory(story: PlanStory): SaidPlan {
  const plan = story.plan;
  return {
    stages: plan.stages.map((stage) => ({
      rings: stage.rings.map((ring) => ({
        target: ring.target,
        after: seconds(ring.after_ms) ?? 0,
        for: seconds(ring.for_ms),
      })),
      for: seconds(stage.for_ms),
    })),
    rounds: plan.rounds,
    limit: seconds(plan.limit_ms),
    finally: plan.finally,
  };
}

/** The same from a group that is being edited; nobody waits for nothing (rule 3). */
export function saidOfGroup(group: PlanPart & Pick<Group, 'finally'>): SaidPlan {
  const plan = planOf(group);
  const limit = limitOf(group);
  const stages = plan.stages.map((stage, place) => {
    const bars = plan.bars
      .filter((bar) => bar.stage === place && bar.member.enabled !== false)
      .sort((a, b) => a.start - b.start);
    let covered = stage.start;
    let shift = 0;
    const rings: SaidRing[] = [];
    for (const bar of bars) {
      let start = bar.start - shift;
      if (start > covered) {
        shift += start - covered;
        start = covered;
      }
      if (start >= stage.end) continue;
      const open = bar.end >= stage.end;
      const end = open ? stage.end : Math.min(stage.end, start + bar.end - bar.start);
      covered = Math.max(covered, end);
      rings.push({ target: nameOf(bar.member), after: start - stage.start, for: end - start });
    }
    return { rings, for: covered - stage.start };
  });
  return {
    stages: stages.filter((stage) => stage.rings.length > 0),
    rounds: group.repeat,
    limit: limit ?? null,
    finally: group.finally,
  };
}

// ---- words ---------------------------------------------------------------------------------

type Names = (target: string) => string;

export function destinationText(t: TFunction, name: Names, to: unknown): string {
  if (typeof to !== 'object' || to === null) return t('then.hangup');
  const [kind, value] = Object.entries(to as Record<string, unknown>)[0] ?? ['hangup', true];
  const who = typeof value === 'string' ? value : '';
  switch (kind) {
    case 'user':
      return t('then.user', { name: name(who) });
    case 'group':
      return t('then.group', { name: name(who) });
    case 'ivr':
      return t('then.ivr', { name: who });
    case 'queue':
      return t('then.queue', { name: who });
    case 'mailbox':
      return t('then.mailbox', { name: name(who) });
    case 'number':
      return t('then.number', { name: who });
    case 'sip':
      return t('then.sip', { name: who });
    case 'announce':
      return t('then.announce', { name: who });
    case 'busy':
      return t('then.busy');
    default:
      return t('then.hangup');
  }
}

const kClasses = ['no_answer', 'busy', 'unreachable'] as const;

export function finallyText(t: TFunction, name: Names, list: (words: string[]) => string, end: Finally | null | undefined): string {
  if (!end || Object.keys(end).length === 0) return t('then.hangup');
  const parts = kClasses.filter((one) => one in end);
  if (parts.length === 0) return destinationText(t, name, end);
  return list(parts.map((one) => t(`then.when_${one}`, { what: destinationText(t, name, end[one]) })));
}

interface Words {
  t: TFunction;
  name: Names;
  list: (words: string[]) => string;
}

function stageText(words: Words, stage: SaidPlan['stages'][number], cut: number | null): string {
  const { t, name, list } = words;
  const byStart = new Map<number, SaidRing[]>();
  for (const ring of stage.rings) byStart.set(ring.after, [...(byStart.get(ring.after) ?? []), ring]);
  const starts = [...byStart.keys()].sort((a, b) => a - b);
  const end = stage.for ?? cut;
  const who = (rings: SaidRing[]) =>
    list(
      rings.map((ring) => {
        const short = ring.for !== null && end !== null && ring.after + ring.for < end;
        return short ? t('say.forSeconds', { who: name(ring.target), count: ring.for ?? 0 }) : name(ring.target);
      }),
    );
  const first = byStart.get(starts[0] ?? 0) ?? [];
  if (starts.length <= 1) {
    return end === null
      ? t('say.ringsOpen', { who: who(first), count: first.length })
      : t('say.rings', { who: who(first), count: first.length, seconds: end });
  }
  const later = starts.slice(1).map((at) => t('say.joins', { who: who(byStart.get(at) ?? []), count: at }));
  const parts = [t('say.ringsFirst', { who: who(first), count: first.length }), ...later];
  if (end !== null) parts.push(t('say.until', { count: end }));
  return parts.join('; ');
}

/** "Rings Alice and Bob for 30 s, then the mailbox general." */
export function sentence(words: Words, plan: SaidPlan, strategy: Strategy | undefined): string {
  const { t, name, list } = words;
  const stages = plan.stages.filter((stage) => stage.rings.length > 0);
  const end = finallyText(t, name, list, plan.finally);
  if (stages.length === 0) return t('say.nobody', { end });
  const parts = stages.map((stage) => stageText(words, stage, plan.limit));
  let text = parts.join(t('say.thenStage'));
  const order = strategy && !isParallel(strategy) && stages.length > 1 ? orderText(t, strategy) : '';
  if (order) text = `${order} ${text}`;
  if (plan.rounds === 'forever') text += t('say.forever');
  else if (plan.rounds > 1) text += t('say.rounds', { count: plan.rounds });
  if (strategy && !isParallel(strategy) && plan.limit !== null && plan.rounds !== 'forever')
    text += t('say.limit', { count: plan.limit });
  const whole = t('say.whole', { text, end });
  return whole.charAt(0).toLocaleUpperCase() + whole.slice(1);
}

function orderText(t: TFunction, strategy: Strategy): string {
  switch (strategy) {
    case 'random':
      return t('say.order_random');
    case 'round_robin':
      return t('say.order_round_robin');
    case 'longest_idle':
      return t('say.order_longest_idle');
    case 'fewest_calls':
      return t('say.order_fewest_calls');
    case 'weighted':
      return t('say.order_weighted');
    default:
      return '';
  }
}
