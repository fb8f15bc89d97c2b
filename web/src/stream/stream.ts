// What happens in the office, as it happens. One EventSource a browser: the tab that holds the lock
// reads the stream and tells the others; when it closes, the next one takes over.

export interface OfficeEvent {
  id: string;
  time: string;
  type: string;
  call: string;
  data: Record<string, unknown>;
}

export interface StreamState {
  live: boolean;
  /** When the last sign of life came, ms since 1970; 0: none yet. */
  since: number;
}

/** Every type that the server sends; a named event reaches nobody who does not name it. */
const kTypes = [
  'call.started', 'call.planned', 'call.attempt.dialled', 'call.attempt.ringing',
  'call.attempt.ended', 'call.answered', 'call.transferred', 'call.ended', 'call.missed',
  'group.exhausted', 'voicemail.created', 'recording.ready', 'registration.added',
  'registration.removed', 'user.state', 'member.login', 'member.logout', 'flag.changed', 'trunk.up',
  'trunk.down', 'config.changed', 'store.failed', 'store.recovered', 'stream.gap', 'ban.added',
] as const;

type Told = { event: OfficeEvent } | { state: StreamState } | { hello: true };
const kName = 'harrier-events';

export class OfficeStream {
  private readonly listeners = new Set<(event: OfficeEvent) => void>();
  private readonly watchers = new Set<() => void>();
  private readonly channel = new BroadcastChannel(kName);
  private readonly gaveUp = new AbortController();
  private source: EventSource | undefined;
  private lastId = '';
  private lastAt = 0;
  private now: StreamState = { live: false, since: 0 };

  constructor(private readonly url: string) {
    this.channel.onmessage = (message: MessageEvent<Told>) => this.hear(message.data);
    this.channel.postMessage({ hello: true } satisfies Told);
    void this.lead();
  }

  state = (): StreamState => this.now;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  listen(listener: (event: OfficeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.gaveUp.abort();
    this.source?.close();
    this.source = undefined;
    this.channel.close();
  }

  // Without Web Locks (plain HTTP from another machine) each tab reads for itself.
  private async lead(): Promise<void> {
    if (!('locks' in navigator)) return this.read();
    const held = new Promise<void>((done) =>
      this.gaveUp.signal.addEventListener('abort', () => done()),
    );
    try {
      await navigator.locks.request(kName, { signal: this.gaveUp.signal }, () => {
        this.read();
        return held;
      });
    } catch {
      // The page was left before its turn came.
    }
  }

  private read(): void {
    if (this.gaveUp.signal.aborted) return;
    const from = this.lastId ? `?after=${this.lastId}` : '';
    const source = new EventSource(this.url + from);
    this.source = source;
    source.onopen = () => {
      this.lastAt = Date.now();
      this.become({ live: true, since: this.lastAt });
    };
    source.onerror = () => {
      this.become({ live: false, since: this.lastAt });
      // CLOSED: the server refused (a session that ended, a restart); the browser does not retry.
      if (source.readyState === EventSource.CLOSED) {
        source.close();
        setTimeout(() => this.read(), 4000);
      }
    };
    for (const type of kTypes)
      source.addEventListener(type, (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as OfficeEvent;
        this.give(event);
        this.channel.postMessage({ event } satisfies Told);
      });
  }

  private hear(told: Told): void {
    if ('event' in told) this.give(told.event);
    else if ('state' in told) this.show(told.state);
    else if (this.source) this.channel.postMessage({ state: this.now } satisfies Told);
  }

  private give(event: OfficeEvent): void {
    this.lastId = event.id;
    this.lastAt = Date.now();
    if (!this.now.live) this.show({ live: true, since: this.lastAt });
    for (const listener of this.listeners) listener(event);
  }

  private become(state: StreamState): void {
    this.show(state);
    if (!this.gaveUp.signal.aborted) this.channel.postMessage({ state } satisfies Told);
  }

  private show(state: StreamState): void {
    this.now = state;
    for (const watcher of this.watchers) watcher();
  }
}
