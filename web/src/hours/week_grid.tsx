// The week as a grid: click or drag, or the arrow keys and Space.
import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { kDays, withCell, type Week } from './week';

export function WeekGrid({ week, change, readOnly }: { week: Week; change: (week: Week) => void; readOnly: boolean }) {
  const { t } = useTranslation();
  const painting = useRef<boolean | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const paint = (day: number, hour: number, on: boolean) => {
    if (!readOnly && week[day]?.[hour] !== on) change(withCell(week, day, hour, on));
  };
  const keys = (day: number, hour: number) => (event: KeyboardEvent) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [d = 0, h = 0] = step;
    root.current?.querySelector<HTMLElement>(`[data-cell="${day + d}-${hour + h}"]`)?.focus();
  };
  return (
    <div
      ref={root}
      className="week"
      role="group"
      aria-label={t('hours.week')}
      onPointerUp={() => (painting.current = null)}
      onPointerLeave={() => (painting.current = null)}
    >
      <span />
      {Array.from({ length: 24 }, (_, hour) => (
        <span key={hour} style={{ fontSize: '0.7rem' }} aria-hidden="true">
          {hour % 3 === 0 ? hour : ''}
        </span>
      ))}
      {kDays.map((name, day) => [
        <span key={name}>{t(`day.${name}`)}</span>,
        ...Array.from({ length: 24 }, (_, hour) => {
          const on = week[day]?.[hour] ?? false;
          return (
            <button
              key={`${name}${hour}`}
              type="button"
              className="week-cell"
              role="checkbox"
              aria-checked={on}
              aria-label={t('hours.cell', { day: t(`day.${name}`), hour })}
              data-cell={`${day}-${hour}`}
              tabIndex={day === 0 && hour === 0 ? 0 : -1}
              disabled={readOnly}
              onKeyDown={keys(day, hour)}
              onClick={(event) => event.detail === 0 && paint(day, hour, !on)}
              onPointerDown={(event) => {
                event.currentTarget.releasePointerCapture(event.pointerId);
                painting.current = !on;
                paint(day, hour, !on);
              }}
              onPointerEnter={() => painting.current !== null && paint(day, hour, painting.current)}
            />
          );
        }),
      ])}
    </div>
  );
}
