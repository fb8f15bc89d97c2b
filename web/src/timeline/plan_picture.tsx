// A plan of the server as a picture that only shows: one row a target, a bar a ring.
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { PlanStory } from '../api/types';
import { axisEnd } from './scale';
import { Axis, Bar, Track } from './track';

interface Shown {
  key: string;
  target: string;
  path: string[];
  bars: { start: number; end: number; confirm: boolean }[];
}

/** Rings of all stages on one clock, in seconds. A ring without an end lasts to the end of the picture. */
export function rowsOf(story: PlanStory): { rows: Shown[]; stages: { start: number; end: number }[]; total: number } {
  const rows = new Map<string, Shown>();
  const stages: { start: number; end: number }[] = [];
  let now = 0;
  for (const stage of story.plan.stages) {
    const longest = Math.max(0, ...stage.rings.map((ring) => ring.after_ms + (ring.for_ms ?? 30_000)));
    const length = (stage.for_ms ?? longest) / 1000;
    for (const ring of stage.rings) {
      const path = ring.path ?? [];
      const key = [...path, ring.target].join(' › ');
      const row = rows.get(key) ?? { key, target: ring.target, path, bars: [] };
      const start = now + ring.after_ms / 1000;
      row.bars.push({ start, end: ring.for_ms === null ? now + length : start + ring.for_ms / 1000, confirm: ring.confirm });
      rows.set(key, row);
    }
    stages.push({ start: now, end: now + length });
    now += length;
  }
  return { rows: [...rows.values()], stages, total: now };
}

const text = (seconds: number) => String(Math.round(seconds * 10) / 10);

export function PlanPicture({ story, name, then }: { story: PlanStory; name: (target: string) => string; then: ReactNode }) {
  const { t } = useTranslation();
  const { rows, stages, total } = rowsOf(story);
  const end = axisEnd(total);
  return (
    <div className="tl" role="group" aria-label={t('group.timeline')}>
      <Axis end={end} label={<span className="tl-name">{t('group.seconds')}</span>} />
      {rows.map((row) => (
        <div className="tl-row" key={row.key} data-testid="plan-row">
          <div className="tl-label">
            <span className="tl-name">
              {name(row.target)}
              {row.path.length > 0 && <small> {row.path.join(' › ')}</small>}
            </span>
          </div>
          <Track end={end} bands={stages.length > 1 ? stages : []}>
            {row.bars.map((bar, i) => (
              <Bar
                key={i}
                start={bar.start}
                end={bar.end}
                axis={end}
                kind="rings"
                text={`${text(bar.start)}–${text(bar.end)} s${bar.confirm ? ` · ${t('bar.confirm')}` : ''}`}
                title={t('bar.sentence', { name: name(row.target), start: text(bar.start), count: Math.round(bar.end - bar.start) })}
              />
            ))}
          </Track>
        </div>
      ))}
      <div className="tl-row tl-head">
        <div className="tl-label">
          <span className="tl-name">{t('group.then')} →</span>
        </div>
        <div style={{ padding: '0.25rem 0.5rem' }}>{then}</div>
      </div>
    </div>
  );
}
