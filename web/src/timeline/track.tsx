// One row's clock: grid, bands of stages, bars. Bars are moved by the mouse, a finger or the keys.
import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { percent, tickLabel, ticks } from './scale';
import './timeline.css';

export interface Band {
  start: number;
  end: number;
}

export function Axis({ end, label }: { end: number; label?: ReactNode }) {
  return (
    <div className="tl-row tl-axis" aria-hidden="true">
      <div className="tl-label">{label}</div>
      <div className="tl-track">
        <svg>
          {ticks(end).map((at) => (
            <text
              key={at}
              className="tl-text"
              x={percent(at, end)}
              y={17}
              textAnchor={at === 0 ? 'start' : at >= end ? 'end' : 'middle'}
            >
              {tickLabel(at)}
            </text>
          ))}
        </svg>
      </div>
    </div>
  );
}

export function Track({
  end,
  bands = [],
  limit,
  now,
  children,
}: {
  end: number;
  bands?: Band[];
  limit?: number;
  now?: number;
  children?: ReactNode;
}) {
  return (
    <div className="tl-track">
      <svg>
        {bands.map((band, i) => (
          <rect
            key={i}
            className="tl-band"
            x={percent(band.start, end)}
            width={percent(band.end - band.start, end)}
            y={0}
            height="100%"
          />
        ))}
        {ticks(end).map((at) => (
          <line key={at} className="tl-grid" x1={percent(at, end)} x2={percent(at, end)} y1={0} y2="100%" />
        ))}
        {children}
        {limit !== undefined && (
          <line className="tl-end" x1={percent(limit, end)} x2={percent(limit, end)} y1={0} y2="100%" />
        )}
        {now !== undefined && (
          <line className="tl-now" x1={percent(now, end)} x2={percent(now, end)} y1={0} y2="100%" />
        )}
      </svg>
    </div>
  );
}

export type BarKind = 'rings' | 'off' | 'planned' | 'good' | 'bad' | 'caller';

/** A bar that only shows. */
export function Bar({
  start,
  end,
  axis,
  kind,
  text,
  title,
  thin,
}: {
  start: number;
  end: number;
  axis: number;
  kind: BarKind;
  text?: string;
  title?: string;
  thin?: 'upper' | 'lower';
}) {
  const y = thin === 'lower' ? 20 : thin === 'upper' ? 3 : 7;
  const height = thin ? 15 : 26;
  return (
    <g>
      <rect
        className="tl-bar"
        data-kind={kind}
        data-fixed="true"
        x={percent(start, axis)}
        width={percent(Math.max(end - start, axis / 300), axis)}
        y={y}
        height={height}
        rx={4}
      >
        {title && <title>{title}</title>}
      </rect>
      {text && (
        <text
          className="tl-bar-text"
          data-kind={kind}
          x={percent(start, axis)}
          dx={6}
          y={y + height / 2 + 4}
        >
          {text}
        </text>
      )}
    </g>
  );
}

export interface MovableBarProps {
  start: number;
  end: number;
  axis: number;
  /** What it says in one sentence: "Bob rings from second 6 for 24 seconds." */
  sentence: string;
  text: string;
  off?: boolean;
  canMoveStart: boolean;
  canMoveEnd: boolean;
  onStart: (at: number) => void;
  onEnd: (at: number) => void;
  onOpen?: () => void;
  onRemove?: () => void;
  onDuplicate?: () => void;
  onDrag?: (dragging: boolean) => void;
  testId?: string;
}

interface Drag {
  edge: boolean;
  x: number;
  start: number;
  end: number;
  perPixel: number;
  moved: boolean;
}

export function MovableBar(props: MovableBarProps) {
  const { start, end, axis, canMoveStart, canMoveEnd } = props;
  const drag = useRef<Drag | null>(null);

  const begin = (edge: boolean) => (event: PointerEvent<SVGRectElement>) => {
    if (event.button !== 0) return;
    const track = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    if (!track || track.width === 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { edge, x: event.clientX, start, end, perPixel: axis / track.width, moved: false };
    props.onDrag?.(true);
  };
  const move = (event: PointerEvent<SVGRectElement>) => {
    const now = drag.current;
    if (!now) return;
    const by = Math.round((event.clientX - now.x) * now.perPixel);
    if (by !== 0) now.moved = true;
    if (!now.moved) return;
    if (now.edge) {
      if (canMoveEnd) props.onEnd(Math.max(now.start + 1, now.end + by));
    } else if (canMoveStart) {
      props.onStart(Math.max(0, now.start + by));
    }
  };
  const finish = () => {
    if (!drag.current) return;
    drag.current = null;
    props.onDrag?.(false);
  };

  const keys = (event: KeyboardEvent) => {
    const step = (event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0) * (event.ctrlKey ? 5 : 1);
    if (event.altKey) return;
    if (step !== 0 && event.shiftKey) {
      if (canMoveEnd) props.onEnd(Math.max(start + 1, end + step));
    } else if (step !== 0) {
      if (canMoveStart) props.onStart(Math.max(0, start + step));
    } else if (event.key === 'Home') {
      if (canMoveStart) props.onStart(0);
    } else if (event.key === 'End') {
      if (canMoveEnd) props.onEnd(axis);
    } else if (event.key === 'Enter') {
      props.onOpen?.();
    } else if (event.key === 'Delete') {
      props.onRemove?.();
    } else if (event.key === 'd' || event.key === 'D') {
      if (event.ctrlKey || event.metaKey) return;
      props.onDuplicate?.();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const pointers = { onPointerMove: move, onPointerUp: finish, onPointerCancel: finish };
  const width = Math.max(end - start, axis / 200);
  return (
    <g>
      <rect
        className="tl-bar"
        role="slider"
        tabIndex={0}
        aria-label={props.sentence}
        aria-valuemin={0}
        aria-valuemax={Math.max(axis, Math.round(start))}
        aria-valuenow={Math.round(start)}
        aria-valuetext={props.sentence}
        data-testid={props.testId}
        data-kind={props.off ? 'off' : 'rings'}
        data-fixed={!canMoveStart}
        x={percent(start, axis)}
        width={percent(width, axis)}
        y={7}
        height={26}
        rx={4}
        onKeyDown={keys}
        onDoubleClick={props.onOpen}
        onPointerDown={begin(false)}
        {...pointers}
      >
        <title>{props.sentence}</title>
      </rect>
      {canMoveEnd && (
        <rect
          className="tl-edge"
          data-testid={props.testId && `${props.testId}-edge`}
          aria-hidden="true"
          x={percent(start + width, axis)}
          y={9}
          width={8}
          height={22}
          rx={3}
          style={{ transform: 'translateX(-10px)' }}
          onPointerDown={begin(true)}
          {...pointers}
        />
      )}
      <text className="tl-bar-text" x={percent(start, axis)} dx={7} y={24}>
        {props.text}
      </text>
    </g>
  );
}
