import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useSay } from '../i18n';
import { useSession } from '../session';
import { useHref } from '../view';
import logo from '../weft.svg';
import { PAGES } from './pages';

const STORED = 'weft.rail';
const NARROW = 1180;

function startsSmall(): boolean {
  const stored = localStorage.getItem(STORED);
  return stored ? stored === 'small' : innerWidth < NARROW;
}

export function Rail() {
  const say = useSay();
  const session = useSession();
  const href = useHref();
  const [location] = useLocation();
  const [small, setSmall] = useState(startsSmall);
  const toggle = () => {
    localStorage.setItem(STORED, small ? 'full' : 'small');
    setSmall(!small);
  };
  const Icon = small ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav className={small ? 'rail small' : 'rail'} aria-label={say('shell.pages')}>
      <div className="rail-mesh" title={session.mesh}>
        <img src={logo} alt="" width="24" height="24" />
        <span className="rail-text">
          <strong>{session.mesh || 'Weft'}</strong>
          <small>{session.version}</small>
        </span>
      </div>
      <ul>
        {PAGES.map((page) => {
          const here = location === page.path || location.startsWith(`${page.path}/`);
          return (
            <li key={page.path}>
              <Link
                href={href(page.path)}
                aria-current={here ? 'page' : undefined}
                title={small ? say(page.title) : undefined}
              >
                <page.icon size={17} strokeWidth={1.8} aria-hidden="true" />
                <span className="rail-text">{say(page.title)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      <button
        type="button"
        className="rail-toggle"
        onClick={toggle}
        aria-label={say(small ? 'shell.expand' : 'shell.collapse')}
      >
        <Icon size={16} aria-hidden="true" />
      </button>
    </nav>
  );
}
