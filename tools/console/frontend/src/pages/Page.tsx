import { ChevronLeft, History } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useSay } from '../i18n';
import { useHref, useView } from '../view';

interface Props {
  title: string;
  count?: number | undefined;
  back?: { path: string; title: string };
  badges?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page but the topology. */
export function Page({ title, count, back, badges, actions, children }: Props) {
  const say = useSay();
  const href = useHref();
  const [view] = useView();
  return (
    <div className="page">
      {view.at !== '' && (
        <div className="banner past" role="status">
          <History size={14} aria-hidden="true" />
          <span className="grow">{say('time.presentOnly')}</span>
        </div>
      )}
      <header>
        {back && (
          <Link className="crumb" href={href(back.path)}>
            <ChevronLeft size={14} aria-hidden="true" />
            {back.title}
          </Link>
        )}
        <div className="page-head">
          <h1>{title}</h1>
          {count !== undefined && <span className="count">{say.count(count)}</span>}
          {badges}
          <span className="grow" />
          {actions}
        </div>
      </header>
      {children}
    </div>
  );
}
