import { Refusal, send } from './client';

export interface ServerEvent {
  event: string;
  data: string;
}

/** Cuts a text stream into server-sent events; keeps what is not complete yet. */
export class EventParser {
  #rest = '';

  push(chunk: string): ServerEvent[] {
    this.#rest = (this.#rest + chunk).replaceAll('\r\n', '\n');
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter((event) => event.data !== '');
  }
}

function parseBlock(block: string): ServerEvent {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (line.startsWith('event:')) event = value;
    if (line.startsWith('data:')) data.push(value);
  }
  return { event, data: data.join('\n') };
}

/** Milliseconds until the next attempt: doubles from 1 s to 30 s, spread by a quarter so that tabs do not come back together. */
export function backoff(attempt: number, random: () => number): number {
  const base = Math.min(30_000, 1000 * 2 ** attempt);
  return base * (0.75 + random() * 0.5);
}

export type Link = 'connecting' | 'open' | 'lost';

/**
 * Reads a stream until it is stopped; connects again when it breaks. `fetch` and not `EventSource`, since only a header may carry
 * the token.
 */
export function follow(
  path: string,
  onEvent: (event: ServerEvent) => void,
  onLink: (link: Link, problem?: Refusal) => void,
): () => void {
  const stop = new AbortController();
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function connect(): Promise<void> {
    try {
      const response = await send(path, { signal: stop.signal, headers: { Accept: 'text/event-stream' } });
      onLink('open');
      await read(response, (event) => {
        attempt = 0;
        onEvent(event);
      });
      again();
    } catch (error) {
      if (stop.signal.aborted) return;
      again(error instanceof Refusal ? error : undefined);
    }
  }
  function again(problem?: Refusal): void {
    if (stop.signal.aborted) return;
    onLink('lost', problem);
    timer = setTimeout(() => void connect(), backoff(attempt++, Math.random));
  }

  onLink('connecting');
  void connect();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

async function read(response: Response, onEvent: (event: ServerEvent) => void): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.push(decoder.decode(value, { stream: true })).forEach(onEvent);
  }
}
