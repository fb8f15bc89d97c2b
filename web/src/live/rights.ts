// Who may act on a call: administrators on each, a group manager on those of his groups.
import { useAll } from '../api/lists';
import type { Group, LiveCall } from '../api/types';
import { mayChange, useMyself } from '../session/session';

export function useMayAct(): (call: LiveCall) => boolean {
  const session = useMyself();
  const manages = session.role === 'group_manager';
  const groups = useAll<Group>('office', '/api/v1/groups', {}, manages);
  if (mayChange(session)) return () => true;
  const own = new Set(groups.items.filter((group) => session.groups.includes(group.id)).map((group) => group.name));
  return (call) => manages && own.has(call.group);
}
