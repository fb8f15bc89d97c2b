import { describe, expect, it } from 'vitest';
import type { SipMessage } from '../api/types';
import { kindOf, ladderOf } from './ladder_layout';

const message = (time: string, direction: 'in' | 'out', peer: string, start: string): SipMessage => ({
  time, direction, transport: 'udp', local: '192.0.2.1:5060', peer, call_id: 'a', start, text: start,
});

describe('a ladder', () => {
  it('has a column for each place, in the order of its first word, and times from the first message', () => {
    const { peers, rungs } = ladderOf([
      message('2026-03-01T12:00:00.000Z', 'in', '192.0.2.7:5060', 'INVITE sip:600@office.example'),
      message('2026-03-01T12:00:00.012Z', 'out', '192.0.2.8:5060', 'INVITE sip:102@192.0.2.8'),
      message('2026-03-01T12:00:00.100Z', 'in', '192.0.2.8:5060', '180 Ringing'),
      message('2026-03-01T12:00:00.101Z', 'out', '192.0.2.7:5060', '180 Ringing'),
    ]);
    expect(peers).toEqual(['udp 192.0.2.7:5060', 'udp 192.0.2.8:5060']);
    expect(rungs.map((rung) => [rung.column, rung.out, rung.ms])).toEqual([[1, false, 0], [2, true, 12], [2, false, 100], [1, true, 101]]);
  });

  it('is empty where nothing is kept', () => {
    expect(ladderOf([])).toEqual({ peers: [], rungs: [] });
  });

  it('tells requests and kinds of answers apart', () => {
    expect(['INVITE sip:600@office.example', '180 Ringing', '200 OK', '486 Busy Here'].map(kindOf)).toEqual(['request', 'progress', 'success', 'failure']);
  });
});
