// What dragging and keys do to a group: pure functions, so that the mouse, the keyboard and the
// number fields do the same.
import type { Member, Stage } from '../api/types';
import { isParallel, kInTurn, kMost, kTimeout, planOf, stageLength, togetherOf } from './plan';
import type { Line, PlanPart } from './plan';

const whole = (value: number, least: number, most: number) =>
  Math.max(least, Math.min(most, Math.round(value)));

export function memberAt(group: PlanPart, line: Line): Member | undefined {
  return line.stage === null ? group.members[line.index] : group.stages[line.stage]?.ring[line.index];
}

export function withMember<G extends PlanPart>(group: G, line: Line, changes: Partial<Member>): G {
  const change = (members: Member[]) =>
    members.map((member, i) => (i === line.index ? cleaned({ ...member, ...changes }) : member));
  if (line.stage === null) return { ...group, members: change(group.members) };
  return {
    ...group,
    stages: group.stages.map((stage, i) =>
      i === line.stage ? { ...stage, ring: change(stage.ring) } : stage,
    ),
  };
}

// A key without a value is not sent.
function cleaned(member: Member): Member {
  return Object.fromEntries(Object.entries(member).filter(([, value]) => value !== undefined));
}

// ---- bars ----------------------------------------------------------------------------------

/** Whether the start of this bar can be moved: by its own delay, or by the length before it. */
export function canMoveStart(group: PlanPart, line: Line): boolean {
  if (group.strategy === 'ring_all' || group.strategy === 'page') return false;
  if (group.strategy === 'staggered' || group.strategy === 'stages') return true;
  if (group.strategy === 'rollover') return line.index > 0;
  return !(togetherOf(group)[0] ?? []).includes(line.index);
}

function startInTurn<G extends PlanPart>(group: G, line: Line, start: number): G {
  const stages = togetherOf(group);
  const own = stages.findIndex((together) => together.includes(line.index));
  const before = stages[own - 1];
  const from = planOf(group).stages[own - 1];
  if (!before || !from) return group;
  const length = whole(start - from.start, 1, kMost);
  return before.reduce((made, index) => withMember(made, { stage: null, index }, { for: length }), group);
}

/** Moves the start of a bar to this second of the round. */
export function moveStart<G extends PlanPart>(group: G, line: Line, start: number): G {
  if (!canMoveStart(group, line)) return group;
  if (group.strategy === 'staggered') {
    const after = whole(start, 0, (group.timeout ?? kTimeout) - 1);
    return withMember(group, line, { after: after === 0 ? undefined : after });
  }
  if (group.strategy === 'stages') {
    const own = planOf(group).stages[line.stage ?? 0];
    if (!own) return group;
    const after = whole(start - own.start, 0, Math.max(0, own.end - own.start - 1));
    return withMember(group, line, { after: after === 0 ? undefined : after });
  }
  if (group.strategy === 'rollover') {
    const before = planOf(group).bars[line.index - 1];
    if (!before) return group;
    const length = whole(start - before.start, 1, kMost);
    return withMember(group, { stage: null, index: line.index - 1 }, { for: length });
  }
  return startInTurn(group, line, start);
}

/** Moves the end of a bar to this second of the round. */
export function moveEnd<G extends PlanPart>(group: G, line: Line, end: number): G {
  const bar = planOf(group).bars.find(
    (one) => one.line.stage === line.stage && one.line.index === line.index,
  );
  if (!bar) return group;
  if (group.strategy === 'ring_all' || group.strategy === 'page' || group.strategy === 'rollover')
    return { ...group, timeout: whole(end, 1, kMost) };
  if (group.strategy === 'staggered') {
    const timeout = group.timeout ?? kTimeout;
    if (end >= timeout) return withMember(group, line, { for: undefined });
    return withMember(group, line, { for: whole(end - bar.start, 1, kMost) });
  }
  if (group.strategy === 'stages') {
    const stage = planOf(group).stages[line.stage ?? 0];
    if (stage && end >= stage.end && group.stages[line.stage ?? 0]?.for !== undefined)
      return withMember(group, line, { for: undefined });
    return withMember(group, line, { for: whole(end - bar.start, 1, kMost) });
  }
  const together = togetherOf(group).find((places) => places.includes(line.index)) ?? [];
  const length = whole(end - bar.start, 1, kMost);
  return together.reduce((made, index) => withMember(made, { stage: null, index }, { for: length }), group);
}

export function setStageLength<G extends PlanPart>(group: G, place: number, length: number): G {
  return {
    ...group,
    stages: group.stages.map((stage, i) => (i === place ? { ...stage, for: whole(length, 1, kMost) } : stage)),
  };
}

// ---- lines ---------------------------------------------------------------------------------

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  const [taken] = copy.splice(from, 1);
  if (taken !== undefined) copy.splice(to, 0, taken);
  return copy;
}

/** Priorities name places: once people are put in another order, the list is the order. */
function withoutPriorities(members: Member[]): Member[] {
  const own = members.map((member) => member.priority).filter((value) => value !== undefined);
  const distinct = new Set(own).size === own.length;
  return distinct ? members.map((member) => cleaned({ ...member, priority: undefined })) : members;
}

export function moveLine<G extends PlanPart>(group: G, from: Line, to: Line): G {
  if (from.stage === null)
    return { ...group, members: withoutPriorities(moved(group.members, from.index, to.index)) };
  const stages = group.stages.map((stage) => ({ ...stage, ring: [...stage.ring] }));
  const [taken] = stages[from.stage]?.ring.splice(from.index, 1) ?? [];
  if (taken) stages[to.stage ?? 0]?.ring.splice(to.index, 0, taken);
  return { ...group, stages };
}

export function removeLine<G extends PlanPart>(group: G, line: Line): G {
  const without = (members: Member[]) => members.filter((_, i) => i !== line.index);
  if (line.stage === null) return { ...group, members: without(group.members) };
  return {
    ...group,
    stages: group.stages.map((stage, i) =>
      i === line.stage ? { ...stage, ring: without(stage.ring) } : stage,
    ),
  };
}

export function duplicateLine<G extends PlanPart>(group: G, line: Line): G {
  const member = memberAt(group, line);
  if (!member) return group;
  const after = (members: Member[]) => [
    ...members.slice(0, line.index + 1),
    { ...member },
    ...members.slice(line.index + 1),
  ];
  if (line.stage === null) return { ...group, members: after(group.members) };
  return {
    ...group,
    stages: group.stages.map((stage, i) =>
      i === line.stage ? { ...stage, ring: after(stage.ring) } : stage,
    ),
  };
}

export function addMember<G extends PlanPart>(group: G, member: Member, place: number): G {
  if (group.strategy !== 'stages') return { ...group, members: [...group.members, member] };
  const stages: Stage[] = group.stages.length ? group.stages : [{ ring: [], for: kInTurn }];
  const at = Math.min(place, stages.length - 1);
  return {
    ...group,
    stages: stages.map((stage, i) => (i === at ? { ...stage, ring: [...stage.ring, member] } : stage)),
  };
}

export function addStage<G extends PlanPart>(group: G): G {
  return { ...group, stages: [...group.stages, { ring: [], for: kInTurn }] };
}
export function removeStage<G extends PlanPart>(group: G, place: number): G {
  return { ...group, stages: group.stages.filter((_, i) => i !== place) };
}

// ---- strategies ----------------------------------------------------------------------------

function flatMembers(group: PlanPart): Member[] {
  if (group.strategy !== 'stages') return group.members;
  const seen = new Set<string>();
  return group.stages.flatMap((stage) =>
    stage.ring
      .filter((member) => {
        const name = `${member.group ?? ''} ${member.ring ?? ''}`;
        return !seen.has(name) && seen.add(name);
      })
      .map((member) => cleaned({ ...member, for: member.for ?? stageLength(stage, group.fallback) })),
  );
}

/** The same group by another strategy, as near to its present times as that one can be. */
export function withStrategy<G extends PlanPart>(group: G, strategy: PlanPart['strategy']): G {
  if (strategy === group.strategy) return group;
  const plan = planOf(group);
  if (strategy === 'stages') {
    if (group.stages.length > 0) return { ...group, strategy };
    const stages = plan.stages.map((stage, place) => ({
      ring: plan.bars
        .filter((bar) => bar.stage === place)
        .map((bar) => {
          const after = bar.start - stage.start || undefined;
          const length = bar.end < stage.end ? bar.end - bar.start : undefined;
          return cleaned({ ...bar.member, after, for: length, priority: undefined });
        }),
      for: Math.max(1, stage.end - stage.start),
    }));
    return { ...group, strategy, stages: stages.filter((stage) => stage.ring.length > 0) };
  }
  if (strategy === 'staggered') {
    const total = Math.max(1, plan.total);
    const members = plan.bars.map((bar) =>
      cleaned({
        ...bar.member,
        after: bar.start || undefined,
        for: bar.end < total ? Math.max(1, bar.end - bar.start) : undefined,
        priority: undefined,
      }),
    );
    return { ...group, strategy, members, timeout: total };
  }
  const members = flatMembers(group);
  if (isParallel(strategy)) {
    const timeout = isParallel(group.strategy) ? (group.timeout ?? kTimeout) : kTimeout;
    return { ...group, strategy, members, timeout };
  }
  const inTurn = members.map((member) => cleaned({ ...member, for: member.for ?? kInTurn }));
  const next = { ...group, strategy, members: inTurn };
  // Of one after another `timeout` would cut the hunt: it meant the length of a round before.
  if (isParallel(group.strategy)) delete next.timeout;
  return next;
}

export interface FilledIn {
  /** A member's name, or '' for the group itself. */
  who: string;
  field: 'after' | 'for' | 'timeout' | 'priority' | 'stages';
  before: number | undefined;
  after: number | undefined;
}

/** What withStrategy() changes besides the strategy: shown before it is saved. */
export function filledIn(before: PlanPart, after: PlanPart): FilledIn[] {
  const found: FilledIn[] = [];
  if (before.timeout !== after.timeout)
    found.push({ who: '', field: 'timeout', before: before.timeout, after: after.timeout });
  if (before.stages.length !== after.stages.length)
    found.push({ who: '', field: 'stages', before: before.stages.length, after: after.stages.length });
  const old = new Map(before.members.map((member) => [member.ring ?? member.group ?? '', member]));
  if (after.strategy !== 'stages')
    for (const member of after.members) {
      const who = member.ring ?? member.group ?? '';
      for (const field of ['after', 'for', 'priority'] as const)
        if (old.get(who)?.[field] !== member[field])
          found.push({ who, field, before: old.get(who)?.[field], after: member[field] });
    }
  return found;
}
