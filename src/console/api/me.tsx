import { createContext, use } from 'react';
import type { Me, Scope } from './session.js';

/** Who is signed in. */
export const MeContext = createContext<Me | null>(null);

export const useMe = (): Me => {
  const me = use(MeContext);
  if (!me) throw new Error('nobody is signed in');
  return me;
};

/** Whether who is signed in may do something. The gateway decides; what it would refuse is not offered. */
export const useMay = (scope: Scope): boolean => useMe().scopes.includes(scope);
