import type { Problem } from './types';
import { token } from './token';

/** A refusal of the server, or none at all (status 0). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function refusal(response: Response): Promise<Refusal> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    return new Refusal(response.status, problem.code, problem.error);
  } catch {
    return new Refusal(response.status, 'http', text.slice(0, 400) || response.statusText);
  }
}

/** Sends with the token of this tab; throws a {@link Refusal} for any answer but 2xx. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token.get()}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refusal(0, 'unreachable', String(error));
  }
  if (!response.ok) {
    const problem = await refusal(response);
    if (response.status === 401) token.refused();
    throw problem;
  }
  return response;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send(path, signal ? { signal } : {})).json() as Promise<T>;
}

export async function sendJson<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
  const response = await send(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return readBody<T>(response);
}

export async function sendYaml<T>(method: 'POST' | 'PUT', path: string, yaml: string): Promise<T> {
  const response = await send(path, { method, headers: { 'Content-Type': 'application/yaml' }, body: yaml });
  return readBody<T>(response);
}

async function readBody<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** A path with its parameters; empty values are left out. */
export function path(
  base: string,
  parameters: Record<string, string | number | boolean | undefined> = {},
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${base}?${text}` : base;
}

export const segment = encodeURIComponent;
