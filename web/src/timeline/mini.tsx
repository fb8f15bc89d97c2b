// A plan as a small picture, for lists and for choosing a strategy.
import type { PlannedBar } from '../groups/plan';

export function MiniPlan({ bars, total, width = 96, height = 32 }: { bars: PlannedBar[]; total: number; width?: number; height?: number }) {
  const shown = bars.slice(0, 8);
  const row = Math.min(8, height / Math.max(shown.length, 1));
  const scale = width / Math.max(total, 1);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {shown.map((bar, i) => (
        <rect
          key={i}
          x={bar.start * scale}
          y={i * row + 1}
          width={Math.max((bar.end - bar.start) * scale, 1)}
          height={Math.max(row - 2, 2)}
          rx={1.5}
          fill={bar.member.enabled === false ? 'var(--bar-off)' : 'var(--bar)'}
        />
      ))}
    </svg>
  );
}
