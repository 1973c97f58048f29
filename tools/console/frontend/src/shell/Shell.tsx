import { useCallback, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useHref } from '../view';
import { useSay } from '../i18n';
import { Help } from './Help';
import { useKeys, type KeyMap } from './keys';
import { PAGES } from './pages';
import { Rail } from './Rail';
import { Search } from './Search';
import { TopBar } from './TopBar';

export function Shell({ children }: { children: ReactNode }) {
  const say = useSay();
  const href = useHref();
  const [, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  const [search, setSearch] = useState(false);
  const go = useCallback((page: string) => navigate(href(page)), [navigate, href]);
  const keys: KeyMap = {
    '?': () => setHelp(true),
    '/': () => setSearch(true),
    'mod+k': () => setSearch(true),
  };
  for (const page of PAGES) keys[`g ${page.key}`] = () => go(page.path);
  useKeys(keys);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {say('shell.skip')}
      </a>
      <Rail />
      <TopBar onSearch={() => setSearch(true)} onHelp={() => setHelp(true)} />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
      {search && <Search onClose={() => setSearch(false)} />}
    </div>
  );
}
