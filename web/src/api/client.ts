// The one way to the server: typed by the paths of its OpenAPI description, so that a page cannot
// ask for what is not there. Goes on by itself when the server was away or the session had expired.
import type { paths } from './schema';
import { Problem, type ProblemDocument } from './problem';
import { problemInWords } from './words';

export type Path = keyof paths;

export interface Asked {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  etag?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Text (CSV, YAML) or binary to be sent as it is. */
  raw?: BodyInit;
  /** What kind of answer is expected. */
  as?: 'json' | 'text' | 'blob';
  /** Neither waits for a new session nor for a server that is away. */
  once?: boolean;
}

export interface Answer<T> {
  data: T;
  etag: string;
  headers: Headers;
}

/** Set by the session: resolves when somebody has logged in again, rejects when he gave up. */
export interface SessionHooks {
  csrf(): string;
  renew(): Promise<void>;
}
let hooks: SessionHooks = { csrf: () => '', renew: () => Promise.reject(new Error('no session')) };
export function setSessionHooks(given: SessionHooks): void {
  hooks = given;
}

// ---- is the server there? ------------------------------------------------------------------

type Listener = (away: boolean) => void;
const listeners = new Set<Listener>();
let away = false;
export function serverAway(): boolean {
  return away;
}
export function onServerAway(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
function tellAway(now: boolean): void {
  if (away === now) return;
  away = now;
  for (const listener of listeners) listener(now);
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export function urlOf(path: Path, asked: Pick<Asked, 'path' | 'query'> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(asked.path?.[name] ?? ''),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked.query ?? {}))
    if (value !== undefined && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}

// crypto.randomUUID() is there over HTTPS only.
function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const kWrites = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

function requestOf(method: string, asked: Asked, key: string): RequestInit {
  const headers: Record<string, string> = { 'Accept-Language': document.documentElement.lang };
  headers['Accept'] = asked.as === 'text' ? '*/*' : asked.as === 'blob' ? '*/*' : 'application/json';
  if (asked.body !== undefined)
    headers['Content-Type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  if (asked.etag) headers['If-Match'] = asked.etag;
  if (kWrites.has(method) && hooks.csrf()) headers['X-CSRF-Token'] = hooks.csrf();
  if (method === 'POST' && !asked.once) headers['Idempotency-Key'] = key;
  const request: RequestInit = {
    method,
    headers: { ...headers, ...asked.headers },
    credentials: 'same-origin',
  };
  if (asked.raw !== undefined) request.body = asked.raw;
  else if (asked.body !== undefined) request.body = JSON.stringify(asked.body);
  if (asked.signal) request.signal = asked.signal;
  return request;
}

async function problemFrom(response: Response): Promise<Problem> {
  let document: ProblemDocument = { status: response.status, title: response.statusText };
  try {
    document = { ...document, ...((await response.json()) as ProblemDocument) };
  } catch {
    // A proxy's page, or nothing: the status says what there is to say.
  }
  return new Problem(
    problemInWords(document),
    response.headers.get('ETag') ?? '',
    Number(response.headers.get('Retry-After') ?? 0),
  );
}

async function bodyOf(response: Response, as: Asked['as']): Promise<unknown> {
  if (response.status === 204) return undefined;
  if (as === 'text') return response.text();
  if (as === 'blob') return response.blob();
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

// Waits until the server answers again; a request with a key or a precondition may be repeated.
async function fetchPatiently(url: string, request: RequestInit, once: boolean): Promise<Response> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 5000)) {
    try {
      const response = await fetch(url, request);
      tellAway(false);
      return response;
    } catch (error) {
      if (once || request.signal?.aborted) throw error;
      tellAway(true);
      await pause(wait);
    }
  }
}

export async function send<T>(method: string, path: Path, asked: Asked = {}): Promise<Answer<T>> {
  const key = freshKey();
  const url = urlOf(path, asked);
  for (let renewed = false; ; renewed = true) {
    const response = await fetchPatiently(url, requestOf(method, asked, key), asked.once ?? false);
    if (response.status === 401 && !asked.once && !renewed) {
      await hooks.renew();
      continue;
    }
    if (!response.ok) throw await problemFrom(response);
    const data = (await bodyOf(response, asked.as)) as T;
    return { data, etag: response.headers.get('ETag') ?? '', headers: response.headers };
  }
}

export const get = <T>(path: Path, asked?: Asked) => send<T>('GET', path, asked);
export const post = <T>(path: Path, asked?: Asked) => send<T>('POST', path, asked);
export const put = <T>(path: Path, asked?: Asked) => send<T>('PUT', path, asked);
export const patch = <T>(path: Path, asked?: Asked) => send<T>('PATCH', path, asked);
export const remove = <T>(path: Path, asked?: Asked) => send<T>('DELETE', path, asked);
