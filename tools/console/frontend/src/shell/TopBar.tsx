import { CircleHelp, LogOut, Monitor, Moon, Search as SearchIcon, Sun, User } from 'lucide-react';
import { useState } from 'react';
import { token } from '../api/token';
import type { SourceState, Status } from '../api/types';
import { useSay, useSpeech } from '../i18n';
import { useSession } from '../session';
import { Popover } from '../ui/Popover';
import { StatusShape } from '../ui/Status';
import { ScopePicker } from './ScopePicker';
import { applyTheme, storedTheme, THEMES, type Theme } from './theme';
import { TimePicker } from './TimePicker';

export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const say = useSay();
  return (
    <header className="topbar">
      <ScopePicker />
      <TimePicker />
      <button type="button" className="search-button" onClick={onSearch}>
        <SearchIcon size={14} aria-hidden="true" />
        <span className="grow">{say('search.open')}</span>
        <kbd>/</kbd>
      </button>
      <span className="grow" />
      <SourcePill />
      <LanguageButton />
      <ThemeButton />
      <button
        type="button"
        className="icon-button"
        onClick={onHelp}
        aria-label={say('help.title')}
        title={say('help.title')}
      >
        <CircleHelp size={16} aria-hidden="true" />
      </button>
      <UserMenu />
    </header>
  );
}

const PILL: Record<SourceState['state'], Status> = {
  ok: 'ok',
  partial: 'degraded',
  failed: 'failure',
  empty: 'idle',
};

function SourcePill() {
  const say = useSay();
  const { source } = useSession();
  const kind = say.code(`source.kind.${source.kind}`);
  return (
    <Popover
      className="pill"
      align="right"
      label={
        <>
          <StatusShape status={PILL[source.state]} size={9} />
          <span className="pill-text">{say.code(`source.state.${source.state}`)}</span>
        </>
      }
    >
      <div className="menu-text">
        <strong>{say('source.title')}</strong>
        <span>{kind}</span>
        <span className="dim">{say.code(`source.hint.${source.state}`)}</span>
        {source.message && <span className="mono">{source.message}</span>}
        {source.newest && (
          <span className="dim">{say('source.newest', { time: say.dateTime(source.newest) })}</span>
        )}
      </div>
    </Popover>
  );
}

function LanguageButton() {
  const { say, setLanguage } = useSpeech();
  return (
    <button
      type="button"
      className="icon-button text"
      lang={say.language === 'en' ? 'zh-CN' : 'en'}
      onClick={() => setLanguage(say.language === 'en' ? 'zh' : 'en')}
      aria-label={say.language === 'en' ? '中文' : 'EN: English'}
    >
      {say.language === 'en' ? '中' : 'EN'}
    </button>
  );
}

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };

function ThemeButton() {
  const say = useSay();
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const Icon = THEME_ICONS[theme];
  const name = say('theme.button', { theme: say.code(`theme.${theme}`) });
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      title={name}
      onClick={() => {
        const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
        applyTheme(next);
        setTheme(next);
      }}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}

function UserMenu() {
  const say = useSay();
  const session = useSession();
  return (
    <Popover
      className="icon-button"
      align="right"
      name={say('user.menu', { user: session.user })}
      label={<User size={16} aria-hidden="true" />}
    >
      <div className="menu-text">
        <strong className="break">{session.user}</strong>
        <span className="dim">{say.code(`role.${session.role}`)}</span>
        {session.configContext && (
          <span className="dim">{say('user.context', { context: session.configContext })}</span>
        )}
      </div>
      <button type="button" className="menu-item" onClick={token.clear}>
        <LogOut size={14} aria-hidden="true" />
        {say('user.signOut')}
      </button>
    </Popover>
  );
}
