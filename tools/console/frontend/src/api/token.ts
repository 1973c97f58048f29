// The token lives in this tab only. It comes in the fragment of the address, which no server sees, or from the sign-in form.
const KEY = 'weft.token';

type Listener = () => void;
const listeners = new Set<Listener>();
let rejected = false;

function tell(): void {
  for (const listener of listeners) listener();
}

export const token = {
  get: (): string => sessionStorage.getItem(KEY) ?? '',
  wasRejected: (): boolean => rejected,
  set(value: string): void {
    rejected = false;
    sessionStorage.setItem(KEY, value);
    tell();
  },
  clear(): void {
    rejected = false;
    sessionStorage.removeItem(KEY);
    tell();
  },
  /** The server did not take it. */
  refused(): void {
    rejected = token.get() !== '';
    sessionStorage.removeItem(KEY);
    tell();
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Takes `#token=` from the address and removes it there at once, so that it is in no history and no copied link. */
export function takeFromAddress(location: Location, history: History): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const given = parameters.get('token');
  if (given === null) return;
  parameters.delete('token');
  const rest = parameters.toString();
  history.replaceState(history.state, '', location.pathname + location.search + (rest ? `#${rest}` : ''));
  if (given) token.set(given);
}
