// The signature: one row a member, bars on a clock, what the caller hears, and what comes then.
import { DndContext, KeyboardSensor, PointerSensor, closestCenter, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { ActionIcon, Button, Group as Row } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Member, MemberHealth } from '../api/types';
import { Icon } from '../parts/icon';
import { Axis, Bar, MovableBar, Track } from '../timeline/track';
import { axisEnd } from '../timeline/scale';
import * as edit from './edit';
import { HealthTag } from './health';
import { limitOf, nameOf, planOf, stageLength, type GroupPlan, type Line, type PlanPart, type PlannedBar } from './plan';

interface Props {
  /** A group, or a rule seen as one. */
  group: PlanPart;
  change: (change: (group: PlanPart) => PlanPart) => void;
  health: (member: Member) => MemberHealth | undefined;
  name: (target: string) => string;
  open: (line: Line) => void;
  readOnly: boolean;
  callerHears: string;
  then: ReactNode;
  fieldError: (pointer: string) => string | undefined;
}

const idOf = (line: Line) => `${line.stage ?? 'm'}:${line.index}`;
function lineOf(id: string): Line {
  const [stage = 'm', index = '0'] = id.split(':');
  return { stage: stage === 'm' ? null : Number(stage), index: Number(index) };
}
const pointerOf = (line: Line) =>
  line.stage === null ? `/members/${line.index}` : `/stages/${line.stage}/ring/${line.index}`;

/** The lines in the order of the group, with their bars. */
function linesOf(plan: GroupPlan): PlannedBar[] {
  return [...plan.bars].sort((a, b) => (a.line.stage ?? 0) - (b.line.stage ?? 0) || a.line.index - b.line.index);
}

function useBarSentence(name: (target: string) => string) {
  const { t } = useTranslation();
  return (bar: PlannedBar) =>
    t('bar.sentence', {
      name: name(nameOf(bar.member)),
      start: bar.start,
      count: bar.end - bar.start,
    });
}

function MemberRow({ bar, axis, plan, props, setDragging }: { bar: PlannedBar; axis: number; plan: GroupPlan; props: Props; setDragging: (on: boolean) => void }) {
  const { t } = useTranslation();
  const { group, change, name, readOnly } = props;
  const { line, member } = bar;
  const sortable = useSortable({ id: idOf(line), disabled: readOnly });
  const sentence = useBarSentence(name)(bar);
  const who = name(nameOf(member));
  const off = member.enabled === false || member.logged_in === false;
  const errors = ['', '/ring', '/group', '/for', '/after', '/priority']
    .map((part) => props.fieldError(pointerOf(line) + part))
    .filter(Boolean)
    .join(' ');
  const moveRow = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || readOnly) return;
    event.preventDefault();
    const to = { ...line, index: line.index + (event.key === 'ArrowDown' ? 1 : -1) };
    const length = line.stage === null ? group.members.length : (group.stages[line.stage]?.ring.length ?? 0);
    if (to.index < 0 || to.index >= length) return;
    change((now) => edit.moveLine(now, line, to));
    // The focus goes with the row.
    const part = (event.target as HTMLElement).getAttribute('role') === 'slider' ? '[role=slider]' : 'button';
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-line="${idOf(to)}"] ${part}`)?.focus(),
    );
  };
  const transform = sortable.transform;
  return (
    <div
      ref={sortable.setNodeRef}
      className="tl-row"
      data-line={idOf(line)}
      data-testid="member-row"
      data-dragging={sortable.isDragging || undefined}
      style={{
        transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined,
        transition: sortable.transition,
      }}
      onKeyDown={moveRow}
    >
      <div className="tl-label">
        {!readOnly && (
          <button
            type="button"
            className="tl-handle"
            {...sortable.attributes}
            {...sortable.listeners}
            aria-label={t('group.moveRow', { name: who })}
          >
            <Icon name="drag" />
          </button>
        )}
        <span className="tl-who">
          <span className="tl-name" title={who}>
            {who}
            {who !== nameOf(member) && <span className="tl-number"> {nameOf(member)}</span>}
          </span>
          <HealthTag health={props.health(member)} />
        </span>
        {!readOnly && (
          <>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('group.exact', { name: who })}
              onClick={() => props.open(line)}
            >
              <Icon name="rules" />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('group.removeMember', { name: who })}
              onClick={() => change((now) => edit.removeLine(now, line))}
            >
              <Icon name="close" />
            </ActionIcon>
          </>
        )}
      </div>
      <div>
        <Track end={axis} bands={plan.stages.length > 1 ? plan.stages : []} {...limitProp(group)}>
          {readOnly ? (
            <Bar start={bar.start} end={bar.end} axis={axis} kind={off ? 'off' : 'rings'} title={sentence} text={`${bar.start}–${bar.end} s`} />
          ) : (
            <MovableBar
              start={bar.start}
              end={bar.end}
              axis={axis}
              sentence={sentence}
              text={`${bar.start}–${bar.end} s`}
              off={off}
              testId={`bar-${nameOf(member)}`}
              canMoveStart={edit.canMoveStart(group, line)}
              canMoveEnd
              onStart={(at) => change((now) => edit.moveStart(now, line, at))}
              onEnd={(at) => change((now) => edit.moveEnd(now, line, at))}
              onOpen={() => props.open(line)}
              onRemove={() => change((now) => edit.removeLine(now, line))}
              onDuplicate={() => change((now) => edit.duplicateLine(now, line))}
              onDrag={setDragging}
            />
          )}
        </Track>
        {errors && (
          <div role="alert" style={{ color: 'var(--mantine-color-error)', fontSize: '0.85rem', padding: '0 0.5rem 0.3rem' }}>
            {errors}
          </div>
        )}
      </div>
    </div>
  );
}

function limitProp(group: PlanPart): { limit?: number } {
  const limit = limitOf(group);
  return limit === undefined || group.repeat !== 1 ? {} : { limit };
}

function StageRow({ place, axis, plan, props, setDragging }: { place: number; axis: number; plan: GroupPlan; props: Props; setDragging: (on: boolean) => void }) {
  const { t } = useTranslation();
  const { group, change, readOnly } = props;
  const sortable = useSortable({ id: `${place}:-1`, disabled: true });
  const stage = plan.stages[place];
  const configured = group.stages[place];
  if (!stage || !configured) return null;
  const length = stageLength(configured, group.fallback);
  return (
    <div ref={sortable.setNodeRef} className="tl-row tl-head" data-testid="stage-row">
      <div className="tl-label">
        <span className="tl-name">{t('group.stage', { number: place + 1 })}</span>
        {!readOnly && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('group.removeStage', { number: place + 1 })}
            onClick={() => change((now) => edit.removeStage(now, place))}
          >
            <Icon name="close" />
          </ActionIcon>
        )}
      </div>
      <Track end={axis} bands={plan.stages}>
        {readOnly ? (
          <Bar start={stage.start} end={stage.end} axis={axis} kind="caller" text={`${length} s`} />
        ) : (
          <MovableBar
            start={stage.start}
            end={stage.end}
            axis={axis}
            sentence={t('bar.stage', { number: place + 1, start: stage.start, count: length })}
            text={`${length} s`}
            off
            testId={`stage-${place + 1}`}
            canMoveStart={false}
            canMoveEnd
            onStart={() => {}}
            onEnd={(at) => change((now) => edit.setStageLength(now, place, at - stage.start))}
            onDrag={setDragging}
          />
        )}
      </Track>
    </div>
  );
}

export function GroupTimeline(props: Props) {
  const { t } = useTranslation();
  const { group, change, readOnly } = props;
  const plan = planOf(group);
  // The axis stands still while something is dragged.
  const [held, setHeld] = useState<number>();
  const natural = axisEnd(plan.total);
  const axis = Math.max(held ?? natural, plan.total);
  const setDragging = (on: boolean) => setHeld(on ? natural : undefined);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const lines = linesOf(plan);
  const drop = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    const to = lineOf(String(over.id));
    change((now) => edit.moveLine(now, lineOf(String(active.id)), { ...to, index: Math.max(0, to.index) }));
  };
  const staged = group.strategy === 'stages';
  const ids = staged
    ? group.stages.flatMap((stage, s) => [`${s}:-1`, ...stage.ring.map((_, i) => `${s}:${i}`)])
    : lines.map((bar) => idOf(bar.line));
  const row = (bar: PlannedBar) => (
    <MemberRow key={idOf(bar.line)} bar={bar} axis={axis} plan={plan} props={props} setDragging={setDragging} />
  );
  return (
    <div className="tl" role="group" aria-label={t('group.timeline')}>
      <Axis end={axis} label={<span className="tl-name">{t('group.seconds')}</span>} />
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{
          screenReaderInstructions: { draggable: t('group.dragHelp') },
          announcements: {
            onDragStart: () => t('group.dragStart'),
            onDragOver: () => undefined,
            onDragEnd: () => t('group.dragEnd'),
            onDragCancel: () => t('group.dragCancel'),
          },
        }}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          {staged
            ? group.stages.map((_, place) => [
                <StageRow key={`s${place}`} place={place} axis={axis} plan={plan} props={props} setDragging={setDragging} />,
                ...lines.filter((bar) => bar.line.stage === place).map(row),
              ])
            : lines.map(row)}
        </SortableContext>
      </DndContext>
      {staged && !readOnly && (
        <div className="tl-row">
          <div className="tl-label">
            <Button size="xs" variant="default" leftSection={<Icon name="plus" />} onClick={() => change(edit.addStage)}>
              {t('group.addStage')}
            </Button>
          </div>
        </div>
      )}
      {lines.length > 0 && (
        <div className="tl-row">
          <div className="tl-label">
            <span className="tl-name">{t('group.callerHears')}</span>
          </div>
          <Track end={axis} {...limitProp(group)}>
            <Bar start={0} end={plan.total} axis={axis} kind="caller" text={props.callerHears} />
          </Track>
        </div>
      )}
      <div className="tl-row tl-head">
        <div className="tl-label">
          <span className="tl-name">{t('group.then')} →</span>
        </div>
        <Row p="xs">{props.then}</Row>
      </div>
    </div>
  );
}
