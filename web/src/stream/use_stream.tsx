import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { OfficeStream, type OfficeEvent, type StreamState } from './stream';

const StreamContext = createContext<OfficeStream | null>(null);

/** Which lists an event makes old: the first part of their query keys. */
export function listsTouchedBy(event: OfficeEvent): string[] {
  if (event.type === 'config.changed') return ['office', 'state'];
  if (event.type.startsWith('store.')) return ['ready', 'state'];
  // Events were missed: everything is read afresh.
  if (event.type === 'stream.gap') return ['office', 'state', 'calls', 'records', 'registrations', 'messages', 'bans'];
  if (event.type.startsWith('ban.')) return ['bans'];
  if (event.type.startsWith('registration.')) return ['registrations', 'state'];
  // Who is in a call changes when one begins, is answered and ends.
  if (event.type === 'call.ended') return ['calls', 'records', 'state'];
  if (event.type === 'call.started' || event.type === 'call.answered') return ['calls', 'state'];
  if (event.type.startsWith('call.')) return ['calls'];
  if (event.type === 'voicemail.created') return ['messages'];
  if (event.type === 'flag.changed') return ['office', 'state'];
  return ['state'];
}

// Many events come at once when a group rings; the lists are read again at most this often.
const kGatherMs = 300;

export function StreamProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [stream, setStream] = useState<OfficeStream | null>(null);
  useEffect(() => {
    const made = new OfficeStream('/api/v1/events');
    setStream(made);
    const touched = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = made.listen((event) => {
      for (const list of listsTouchedBy(event)) touched.add(list);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const list of touched) void queries.invalidateQueries({ queryKey: [list] });
        touched.clear();
      }, kGatherMs);
    });
    let wasLive = false;
    const stopWatching = made.watch(() => {
      const live = made.state().live;
      // What happened while the stream was lost may have been missed.
      if (live && !wasLive) void queries.invalidateQueries();
      wasLive = live;
    });
    return () => {
      stop();
      stopWatching();
      clearTimeout(timer);
      made.close();
    };
  }, [queries]);
  return <StreamContext.Provider value={stream}>{children}</StreamContext.Provider>;
}

const kNothing: StreamState = { live: false, since: 0 };
export function useStreamState(): StreamState {
  const stream = useContext(StreamContext);
  return useSyncExternalStore(
    stream?.watch ?? (() => () => {}),
    stream?.state ?? (() => kNothing),
  );
}

export function useOfficeEvents(listener: (event: OfficeEvent) => void): void {
  const stream = useContext(StreamContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => stream?.listen((event) => latest.current(event)), [stream]);
}
