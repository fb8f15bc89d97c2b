// Calls by hour of the day and when callers give up, each as a picture and as a table.
import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { GroupStatistics } from '../api/types';
import { useFormat } from '../i18n/format';
import { barsOf, curveOf } from './shapes';

const kWidth = 480;
const kHeight = 120;
const kFoot = 16; // for what stands below the axis

function AsTable({ label, heads, rows }: { label: string; heads: string[]; rows: string[][] }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary>{t('statistics.asTable')}</summary>
      <table className="sim" aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells[0]}>
              {cells.map((cell, i) => (i === 0 ? <th scope="row" key={i}>{cell}</th> : <td key={i}>{cell}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** What of `part` of `whole`; a dash without any. */
function useShare() {
  const format = useFormat();
  return (part: number, whole: number) => (whole > 0 ? format.percent(part / whole) : '–');
}

export function Hours({ found }: { found: GroupStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = useShare();
  const label = t('statistics.hours');
  return (
    <section className="panel" aria-label={label} data-testid="hours">
      <Title order={2} size="h4">
        {label}
      </Title>
      <svg className="statistics" viewBox={`0 0 ${kWidth} ${kHeight + kFoot}`} role="img" aria-label={t('statistics.hoursNote')}>
        {barsOf(found.hours, kWidth, kHeight).map((bar) => (
          <g key={bar.hour}>
            <rect className="all" x={bar.x} width={bar.width} y={bar.calls.y} height={bar.calls.height} />
            <rect className="part" x={bar.x} width={bar.width} y={bar.answered.y} height={bar.answered.height} />
            {bar.hour % 3 === 0 && (
              <text x={bar.x + bar.width / 2} y={kHeight + kFoot - 4}>
                {bar.hour}
              </text>
            )}
          </g>
        ))}
      </svg>
      <p className="legend">{t('statistics.hoursNote')}</p>
      <AsTable
        label={label}
        heads={[t('statistics.hour'), t('figure.calls'), t('figure.answered'), t('statistics.share')]}
        rows={found.hours.map((one) => [`${one.hour}:00`, format.number(one.calls), format.number(one.answered), share(one.answered, one.calls)])}
      />
    </section>
  );
}

export function Abandon({ found }: { found: GroupStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = t('statistics.abandon');
  const steps = found.abandon_curve;
  const longest = Math.max(1, ...steps.map((one) => one.after_s));
  return (
    <section className="panel" aria-label={label} data-testid="abandon">
      <Title order={2} size="h4">
        {label}
      </Title>
      <svg className="statistics" viewBox={`-14 -4 ${kWidth + 28} ${kHeight + kFoot + 4}`} role="img" aria-label={t('statistics.abandonNote')}>
        {[0, 0.5, 1].map((part) => (
          <line key={part} x1={0} x2={kWidth} y1={kHeight * part} y2={kHeight * part} />
        ))}
        <polyline points={curveOf(steps, kWidth, kHeight)} />
        {steps
          .filter((one) => one.after_s % 30 === 0)
          .map((one) => (
            <text key={one.after_s} x={(kWidth * one.after_s) / longest} y={kHeight + kFoot - 2}>
              {one.after_s}
            </text>
          ))}
      </svg>
      <p className="legend">{t('statistics.abandonNote')}</p>
      <AsTable
        label={label}
        heads={[t('statistics.after'), t('statistics.gaveUp')]}
        rows={steps.map((one) => [t('tests.seconds', { seconds: format.number(one.after_s) }), format.percent1(one.share)])}
      />
    </section>
  );
}
