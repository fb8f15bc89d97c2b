import { describe, expect, it } from 'vitest';
import { reportCsv, tally, type ImportRow } from './report';

const row = (line: number, verdict: ImportRow['verdict'], name: string, ...notes: string[]): ImportRow => ({ line, verdict, kind: 'user', name, notes });

describe('the report of an import', () => {
  it('counts what became of the rows', () => {
    const rows = [row(2, 'taken', '901'), row(3, 'partly', '902', 'x'), row(4, 'left_out', '', 'y')];
    expect(tally(rows)).toEqual({ all: 3, taken: 1, partly: 1, leftOut: 1 });
  });

  it('is a file whose cells are never formulas', () => {
    expect(reportCsv([row(2, 'left_out', '+48587622447', 'no "name", no number', 'second')])).toBe(
      'line,verdict,kind,name,notes\r\n2,left_out,user,\'+48587622447,"no ""name"", no number; second"\r\n',
    );
  });
});
