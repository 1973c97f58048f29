import { ChevronDown, History, Radio } from 'lucide-react';
import { useState } from 'react';
import { useSay } from '../i18n';
import { Field, Segmented } from '../ui/fields';
import { Popover } from '../ui/Popover';
import { useView } from '../view';

const WINDOWS = [30, 60, 300, 900] as const;

export function TimePicker() {
  const say = useSay();
  const [view, dispatch] = useView();
  const live = view.at === '';
  const Icon = live ? Radio : History;
  return (
    <Popover
      className={live ? 'chip-button' : 'chip-button past'}
      label={
        <>
          <Icon size={14} aria-hidden="true" />
          <span>{live ? say('time.live') : say('time.at', { time: say.time(view.at) })}</span>
          <span className="dim">{say('time.window', { seconds: view.window })}</span>
          <ChevronDown size={13} aria-hidden="true" />
        </>
      }
    >
      {(close) => (
        <div className="menu-text wide">
          <Segmented
            label={say('time.over')}
            options={WINDOWS.map((seconds) => ({
              id: String(seconds),
              title: say('time.window', { seconds }),
            }))}
            value={String(view.window)}
            onChange={(seconds) => dispatch({ do: 'set', change: { window: Number(seconds) } })}
          />
          <GoTo
            onGo={(at) => {
              dispatch({ do: 'set', change: { at } });
              close();
            }}
          />
          <button
            type="button"
            className="button"
            disabled={live}
            onClick={() => {
              dispatch({ do: 'live' });
              close();
            }}
          >
            <Radio size={14} aria-hidden="true" />
            {say('time.backToLive')}
          </button>
        </div>
      )}
    </Popover>
  );
}

const HOUR = 3_600_000;

/** A clock time of the last hour, as people say it. */
export function instantOfClock(text: string, now: number): string | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const date = new Date(now);
  date.setHours(Number(match[1]), Number(match[2]), Number(match[3] ?? 0), 0);
  if (date.getTime() > now) date.setDate(date.getDate() - 1);
  return date.getTime() < now - HOUR ? undefined : date.toISOString();
}

function GoTo({ onGo }: { onGo: (at: string) => void }) {
  const say = useSay();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    const at = instantOfClock(text, Date.now());
    setWrong(at === undefined);
    if (at) onGo(at);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label={say('time.goTo')}
        hint={say('time.lastHour')}
        error={wrong ? say('time.wrong') : undefined}
      >
        {(id) => (
          <input
            id={id}
            className="input"
            placeholder="10:03:15"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </form>
  );
}
