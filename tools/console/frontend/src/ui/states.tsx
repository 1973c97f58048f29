import { CircleAlert, Info, RotateCw, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client';
import type { Severity } from '../api/types';
import { known, useSay } from '../i18n';

export function Loading({ whole = false }: { whole?: boolean }) {
  const say = useSay();
  return (
    <div className={whole ? 'state whole' : 'state'} role="status">
      <span className="spinner" aria-hidden="true" />
      {say('state.loading')}
    </div>
  );
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
}

export function Empty({ icon: Icon, title, children }: EmptyProps) {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon size={22} aria-hidden="true" />
      </span>
      <strong>{title}</strong>
      {children && <div className="state-text">{children}</div>}
    </div>
  );
}

/** What went wrong, in words where the code is known, with the server's own sentence below. */
export function Failure({
  error,
  retry,
  whole = false,
}: {
  error: unknown;
  retry?: () => void;
  whole?: boolean;
}) {
  const say = useSay();
  const key = error instanceof Refusal ? `problem.${error.code}` : 'problem.unknown';
  return (
    <div className={whole ? 'state whole' : 'state'} role="alert">
      <span className="state-icon bad">
        <CircleAlert size={22} aria-hidden="true" />
      </span>
      <strong>{known(key) ? say(key) : say('problem.unknown')}</strong>
      <div className="state-text mono">{error instanceof Error ? error.message : String(error)}</div>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          <RotateCw size={14} aria-hidden="true" />
          {say('action.retry')}
        </button>
      )}
    </div>
  );
}

const SEVERITY_ICONS: Record<Severity, LucideIcon> = {
  info: Info,
  warning: TriangleAlert,
  error: CircleAlert,
};

export function SeverityIcon({ severity, size = 14 }: { severity: Severity; size?: number }) {
  const Icon = SEVERITY_ICONS[severity];
  const say = useSay();
  return (
    <Icon
      size={size}
      className={`tone-${severity} sev`}
      role="img"
      aria-label={say.code(`severity.${severity}`)}
    />
  );
}

export function Banner({ severity, children }: { severity: Severity; children: ReactNode }) {
  return (
    <div className={`banner ${severity}`} role={severity === 'error' ? 'alert' : 'status'}>
      <SeverityIcon severity={severity} />
      <div className="grow">{children}</div>
    </div>
  );
}
