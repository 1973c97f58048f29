import { Pause, Play, Radio } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStrip } from '../api/queries';
import type { StripFrame } from '../api/types';
import { useSay } from '../i18n';
import { useTestMode, type View, type ViewAction } from '../view';

const HOUR_SECONDS = 3600;
const STEP = 30;
const SLIDER_STEP = 5;
const HEIGHT = 34;

interface Props {
  view: View;
  dispatch: (action: ViewAction) => void;
  playing: boolean;
}

/** The last hour: traffic, errors and events; a slider over it goes back in time. */
export function TimeBar({ view, dispatch, playing }: Props) {
  const say = useSay();
  const now = useNow();
  const to = Math.floor(now / (STEP * 1000)) * STEP * 1000;
  const strip = useStrip(instant(to - HOUR_SECONDS * 1000), instant(to), STEP);
  const live = view.at === '';
  const offset = live ? 0 : Math.max(-HOUR_SECONDS, Math.round((Date.parse(view.at) - now) / 1000));
  const said = live ? say('time.live') : say.dateTime(view.at);
  const PlayIcon = playing ? Pause : Play;
  return (
    <div className="timebar">
      <button
        type="button"
        className="icon-button"
        aria-label={say('display.animation')}
        aria-pressed={playing}
        disabled={!live}
        onClick={() => dispatch({ do: 'toggle', flag: 'animation' })}
      >
        <PlayIcon size={15} aria-hidden="true" />
      </button>
      <span className="timebar-end">{say.time(instant(now - HOUR_SECONDS * 1000)).slice(0, 5)}</span>
      <div className="timebar-strip">
        <StripPicture frames={strip.data?.frames ?? []} from={now - HOUR_SECONDS * 1000} to={now} />
        <input
          type="range"
          min={-HOUR_SECONDS}
          max={0}
          step={SLIDER_STEP}
          value={offset}
          aria-label={say('time.slider')}
          aria-valuetext={said}
          onChange={(event) => {
            const seconds = Number(event.target.value);
            if (seconds >= 0) dispatch({ do: 'live' });
            else dispatch({ do: 'set', change: { at: instant(now + seconds * 1000) } });
          }}
        />
        {!live && (
          <span
            className="timebar-cursor"
            style={{ left: `${((offset + HOUR_SECONDS) / HOUR_SECONDS) * 100}%` }}
            aria-hidden="true"
          />
        )}
      </div>
      <button
        type="button"
        className={live ? 'live-button on' : 'live-button'}
        aria-pressed={live}
        onClick={() => dispatch({ do: 'live' })}
      >
        <Radio size={13} aria-hidden="true" />
        {live ? say('time.live') : say('time.backToLive')}
      </button>
    </div>
  );
}

function instant(millis: number): string {
  return new Date(millis).toISOString();
}

function useNow(): number {
  const test = useTestMode();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (test) return undefined;
    const timer = setInterval(() => setNow(Date.now()), SLIDER_STEP * 1000);
    return () => clearInterval(timer);
  }, [test]);
  return now;
}

function StripPicture({ frames, from, to }: { frames: readonly StripFrame[]; from: number; to: number }) {
  const say = useSay();
  const most = Math.max(1e-9, ...frames.map((frame) => frame.rate));
  const x = (frame: StripFrame) => ((Date.parse(frame.at) - from) / (to - from)) * 1000;
  const y = (rate: number) => HEIGHT - 5 - (rate / most) * (HEIGHT - 14);
  const line = frames.map((frame) => `${x(frame).toFixed(1)},${y(frame.rate).toFixed(1)}`).join('L');
  const width = 1000 / Math.max(1, frames.length);
  const [first, last] = [frames[0], frames.at(-1)];
  return (
    <svg
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={say('time.strip', { most: say.rate(frames.length ? most : 0) })}
    >
      {first && last && (
        <path d={`M${line}L${x(last)},${HEIGHT}L${x(first)},${HEIGHT}Z`} className="strip-area" />
      )}
      {line && <path d={`M${line}`} className="strip-line" />}
      {frames
        .filter((frame) => frame.failed > 0 && frame.rate > 0)
        .map((frame) => (
          <rect
            key={frame.at}
            x={x(frame) - width / 2}
            y={HEIGHT - 4}
            width={width}
            height={4}
            className={frame.failed / frame.rate >= 0.1 ? 'strip-failed' : 'strip-degraded'}
          />
        ))}
      {frames
        .filter((frame) => frame.events > 0)
        .map((frame) => (
          <path key={frame.at} d={`M${x(frame)} 0v${HEIGHT}`} className="strip-event">
            <title>{say('time.events', { count: frame.events, time: say.time(frame.at) })}</title>
          </path>
        ))}
    </svg>
  );
}
