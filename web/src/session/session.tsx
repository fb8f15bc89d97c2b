// Who is logged in. When the session ends in the middle of work, a form comes up over the page: what
// was typed stays, and what was asked goes on after it.
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { get, post, remove, setSessionHooks } from '../api/client';
import { Problem } from '../api/problem';
import type { Session } from '../api/types';

export interface LoginWish {
  login: string;
  password: string;
  totp?: string;
}

interface Known {
  state: 'asking' | 'nobody' | 'in' | 'failed';
  session?: Session;
}
interface SessionAccess extends Known {
  expired: boolean;
  login: (wish: LoginWish) => Promise<void>;
  logout: () => Promise<void>;
  take: (session: Session) => void;
}

const SessionContext = createContext<SessionAccess | null>(null);

export function useSession(): SessionAccess {
  const access = useContext(SessionContext);
  if (!access) throw new Error('no SessionProvider');
  return access;
}

/** The session of a page that only somebody who is logged in sees. */
export function useMyself(): Session {
  const { session } = useSession();
  if (!session) throw new Error('nobody is logged in');
  return session;
}

export function mayChange(session: Session): boolean {
  return session.role === 'administrator';
}

// Those who wait for a new session, and the CSRF token of the one that holds.
const waiting = new Set<() => void>();
let csrf = '';
let tellExpired: () => void = () => {};

setSessionHooks({
  csrf: () => csrf,
  renew: () =>
    new Promise<void>((go) => {
      waiting.add(go);
      tellExpired();
    }),
});

export function SessionProvider({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState<Known>({ state: 'asking' });
  const [expired, setExpired] = useState(false);

  const take = useCallback((session: Session) => {
    csrf = session.csrf;
    setKnown({ state: 'in', session });
    setExpired(false);
    for (const go of waiting) go();
    waiting.clear();
  }, []);

  useEffect(() => {
    tellExpired = () => setExpired(true);
    let wanted = true;
    const ask = async () => {
      try {
        const answer = await get<Session>('/api/v1/session', { once: true });
        if (wanted) take(answer.data);
      } catch (error) {
        if (!wanted) return;
        if (error instanceof Problem && error.status === 401) return setKnown({ state: 'nobody' });
        setKnown({ state: 'failed' });
        setTimeout(() => wanted && void ask(), 3000);
      }
    };
    void ask();
    return () => {
      wanted = false;
    };
  }, [take]);

  const login = useCallback(
    async (wish: LoginWish) => {
      const answer = await post<Session>('/api/v1/session', { body: wish, once: true });
      take(answer.data);
    },
    [take],
  );
  const logout = useCallback(async () => {
    await remove('/api/v1/session', { once: true }).catch(() => undefined);
    csrf = '';
    sessionStorage.clear();
    setKnown({ state: 'nobody' });
  }, []);

  const access = useMemo(
    () => ({ ...known, expired, login, logout, take }),
    [known, expired, login, logout, take],
  );
  return <SessionContext.Provider value={access}>{children}</SessionContext.Provider>;
}
