// Who stands in a queue now.
import type { LiveCall, Queue } from '../api/types';

export function waitingIn(queue: Queue, calls: LiveCall[]): LiveCall[] {
  return calls.filter((call) => call.queue === queue.id);
}
