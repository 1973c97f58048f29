import { createContext, useContext } from 'react';
import type { Session } from './api/types';

export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in; only under {@link SessionContext}. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session');
  return session;
}

export const useAdmin = (): boolean => useSession().role === 'admin';
