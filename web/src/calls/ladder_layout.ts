// The messages of a call as rungs between Harrier and each place that it spoke with.
import type { SipMessage } from '../api/types';

export interface Rung {
  /** Column of the other side; Harrier is column 0. */
  column: number;
  out: boolean;
  /** After the first message. */
  ms: number;
  message: SipMessage;
}

export interface Ladder {
  /** Who spoke with Harrier, in the order of the first word: "udp 192.0.2.7:5060". */
  peers: string[];
  rungs: Rung[];
}

export function ladderOf(messages: readonly SipMessage[]): Ladder {
  const peers: string[] = [];
  const first = Date.parse(messages[0]?.time ?? '');
  const rungs = messages.map((message) => {
    const peer = `${message.transport} ${message.peer}`;
    if (!peers.includes(peer)) peers.push(peer);
    return { column: peers.indexOf(peer) + 1, out: message.direction === 'out', ms: Date.parse(message.time) - first, message };
  });
  return { peers, rungs };
}

/** Requests by their method, answers by their code: what a rung is coloured by. */
export function kindOf(start: string): 'request' | 'progress' | 'success' | 'failure' {
  const code = /^(\d)\d\d /.exec(start)?.[1];
  if (code === undefined) return 'request';
  if (code === '1') return 'progress';
  return code === '2' ? 'success' : 'failure';
}
