import type { ReactNode } from 'react';
import type { Status } from '../api/types';

/** Each status has its shape: ● ok, ▲ degraded, ■ failure, ◌ idle, ✕ not ready. */
const SHAPES: Record<Status, ReactNode> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  degraded: <path d="M5 .8 9.6 9H.4z" fill="currentColor" />,
  failure: <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />,
  idle: (
    <circle
      cx="5"
      cy="5"
      r="3.7"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeDasharray="1.9 1.7"
    />
  ),
  notReady: <path d="m1.6 1.6 6.8 6.8m0-6.8-6.8 6.8" fill="none" stroke="currentColor" strokeWidth="1.9" />,
};

export function StatusShape({ status, size = 10 }: { status: Status; size?: number }) {
  return (
    <svg
      className={`tone-${status}`}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[status]}
    </svg>
  );
}

export function StatusText({ status, children }: { status: Status; children: ReactNode }) {
  return (
    <span className="status">
      <StatusShape status={status} />
      {children}
    </span>
  );
}
