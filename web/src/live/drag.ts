// A call that is dragged onto a person: carried by its id.
import type { DragEvent } from 'react';

const kKind = 'application/x-harrier-call';

export function carryCall(event: DragEvent, call: string): void {
  event.dataTransfer.setData(kKind, call);
  event.dataTransfer.effectAllowed = 'move';
}
export function carriesCall(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(kKind);
}
export function callCarried(event: DragEvent): string {
  return event.dataTransfer.getData(kKind);
}
