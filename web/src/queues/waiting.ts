// Who stands in a queue now: live calls that dialled it or were led there, and that nobody has taken yet.
import type { LiveCall, Queue } from '../api/types';

export function waitingIn(queue: Queue, calls: LiveCall[]): LiveCall[] {
  // A call says where it was led by any of the queue's names.
  const names = new Set([queue.id, queue.name.toLowerCase(), queue.extension].map((name) => `queue ${name}`));
  return calls.filter((call) => call.state === 'hunting' && (call.dialled === queue.extension || names.has(call.final_destination.toLowerCase())));
}
