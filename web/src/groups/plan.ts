// A group as bars on a clock: what the editor draws while it is being changed. The same rules as the
// server's (rule 1 and the table of strategies); a browser test compares both.
import type { Group, Member, Stage, Strategy } from '../api/types';

/** A line of the group: in `members`, or in the ring of a stage. */
export interface Line {
  stage: number | null;
  index: number;
}

export interface PlannedBar {
  line: Line;
  member: Member;
  /** Seconds from the beginning of the round. */
  start: number;
  end: number;
  /** The planned stage, from 0. */
  stage: number;
}

export interface PlannedStage {
  start: number;
  end: number;
}

export interface GroupPlan {
  bars: PlannedBar[];
  stages: PlannedStage[];
  /** Length of one round, seconds. */
  total: number;
}

/** What decides who rings when. A user's rule is one, too: its rings last 30 s, not 20. */
export type PlanPart = Pick<Group, 'strategy' | 'timeout' | 'repeat' | 'members' | 'stages'> & {
  fallback?: number;
};

export const kTimeout = 30;
export const kInTurn = 20;
export const kMost = 3600;

export function isParallel(strategy: Strategy): boolean {
  return strategy === 'ring_all' || strategy === 'staggered' || strategy === 'rollover' || strategy === 'page';
}
export function isDrawn(strategy: Strategy): boolean {
  return ['random', 'longest_idle', 'fewest_calls', 'weighted', 'round_robin'].includes(strategy);
}
function usesPriority(strategy: Strategy): boolean {
  return strategy === 'sequential' || strategy === 'round_robin';
}

export function nameOf(member: Member): string {
  return member.ring ?? member.group ?? '';
}

function parallelPlan(group: PlanPart): GroupPlan {
  const total = group.timeout ?? kTimeout;
  let before = 0;
  const bars = group.members.map((member, index): PlannedBar => {
    let start = 0;
    let end = total;
    if (group.strategy === 'rollover') {
      start = before;
      before += member.for ?? kInTurn;
    } else if (group.strategy === 'staggered') {
      start = member.after ?? 0;
      if (member.for !== undefined) end = Math.min(total, start + member.for);
    }
    return { line: { stage: null, index }, member, start, end: Math.max(start, end), stage: 0 };
  });
  return { bars, stages: [{ start: 0, end: total }], total };
}

/** Who rings together, in order: lower priority first, equal given ones at once. */
export function togetherOf(group: PlanPart): number[][] {
  const places = group.members.map((_, i) => i);
  if (!usesPriority(group.strategy)) return places.map((i) => [i]);
  const priority = (i: number) => group.members[i]?.priority ?? i + 1;
  const order = [...places].sort((a, b) => priority(a) - priority(b) || a - b);
  const stages: number[][] = [];
  let given: { priority: number; stage: number } | undefined;
  for (const i of order) {
    const own = group.members[i]?.priority;
    if (own !== undefined && given?.priority === own) {
      stages[given.stage]?.push(i);
      continue;
    }
    if (own !== undefined) given = { priority: own, stage: stages.length };
    stages.push([i]);
  }
  return stages;
}

function inTurnPlan(group: PlanPart): GroupPlan {
  const bars: PlannedBar[] = [];
  const stages: PlannedStage[] = [];
  let now = 0;
  for (const together of togetherOf(group)) {
    const longest = Math.max(0, ...together.map((i) => group.members[i]?.for ?? kInTurn));
    const end = now + longest;
    for (const index of together) {
      const member = group.members[index];
      if (member) bars.push({ line: { stage: null, index }, member, start: now, end, stage: stages.length });
    }
    stages.push({ start: now, end });
    now = end;
  }
  return { bars, stages, total: now };
}

export function stageLength(stage: Stage, fallback = kInTurn): number {
  return stage.for ?? Math.max(0, ...stage.ring.map((m) => (m.after ?? 0) + (m.for ?? fallback)));
}

function stagesPlan(from: Stage[], fallback: number | undefined): GroupPlan {
  const bars: PlannedBar[] = [];
  const stages: PlannedStage[] = [];
  let now = 0;
  from.forEach((stage, place) => {
    const end = now + stageLength(stage, fallback);
    stage.ring.forEach((member, index) => {
      const start = now + (member.after ?? 0);
      const own = member.for === undefined ? end : Math.min(end, start + member.for);
      bars.push({ line: { stage: place, index }, member, start, end: Math.max(start, own), stage: place });
    });
    stages.push({ start: now, end });
    now = end;
  });
  return { bars, stages, total: now };
}

export function planOf(group: PlanPart): GroupPlan {
  if (group.strategy === 'stages') return stagesPlan(group.stages, group.fallback);
  return isParallel(group.strategy) ? parallelPlan(group) : inTurnPlan(group);
}

/** Seconds after which the hunt ends, whoever rings: undefined if only its stages end it. */
export function limitOf(group: PlanPart): number | undefined {
  if (!isParallel(group.strategy)) return group.timeout;
  if (group.repeat === 'forever') return undefined;
  return (group.timeout ?? kTimeout) * group.repeat;
}
