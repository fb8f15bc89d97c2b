// The figures of a simulation, laid out: one row a figure with a value for each configuration.
import type { SimulatedFigure, Simulated } from '../api/types';

export const kOverall = ['calls', 'answered', 'gave_up', 'voicemail', 'ended_in', 'wait_mean', 'wait_median', 'wait_90', 'wait_99'] as const;
export const kMemberFigures = ['answered', 'rang', 'missed', 'declined', 'found_busy', 'in_calls'] as const;
export type FigureKey = (typeof kOverall)[number] | (typeof kMemberFigures)[number];

const kKeys: Record<string, FigureKey> = {
  calls: 'calls',
  answered: 'answered',
  'caller gave up': 'gave_up',
  "taken by a mobile's own voicemail": 'voicemail',
  'ended in': 'ended_in',
  'wait until answered, mean': 'wait_mean',
  'wait until answered, median': 'wait_median',
  'wait until answered, 9 of 10 within': 'wait_90',
  'wait until answered, 99 of 100 within': 'wait_99',
  rang: 'rang',
  missed: 'missed',
  declined: 'declined',
  'found busy': 'found_busy',
  'in calls': 'in_calls',
};

export interface FigureRow {
  key: FigureKey;
  whose: string;
  unit: 'count' | 'share' | 'seconds';
  values: (SimulatedFigure | undefined)[];
}

function unitOf(key: FigureKey, ofMember: boolean): FigureRow['unit'] {
  if (key.startsWith('wait_')) return 'seconds';
  if (key === 'in_calls') return 'share';
  return key === 'calls' || ofMember ? 'count' : 'share';
}

export function rowsOf(configurations: Simulated['configurations']): { overall: FigureRow[]; members: { whose: string; rows: Map<FigureKey, FigureRow> }[] } {
  const overall: FigureRow[] = [];
  const members = new Map<string, Map<FigureKey, FigureRow>>();
  configurations.forEach((configuration, place) => {
    for (const figure of configuration.figures) {
      const key = kKeys[figure.what];
      if (!key) continue;
      const whose = figure.whose ?? '';
      const ofMember = whose !== '' && key !== 'ended_in';
      const rows = ofMember ? (members.get(whose) ?? new Map<FigureKey, FigureRow>()) : undefined;
      let row = rows ? rows.get(key) : overall.find((one) => one.key === key && one.whose === whose);
      if (!row) {
        row = { key, whose, unit: unitOf(key, ofMember), values: [] };
        if (rows) rows.set(key, row);
        else overall.push(row);
      }
      row.values[place] = figure;
      if (rows) members.set(whose, rows);
    }
  });
  return { overall, members: [...members].map(([whose, rows]) => ({ whose, rows })) };
}
