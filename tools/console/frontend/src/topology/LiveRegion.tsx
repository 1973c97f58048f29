import { useEffect, useRef, useState } from 'react';
import type { MeshEvent, Picture } from '../api/types';
import { useSay } from '../i18n';
import { eventText, sentenceText } from '../words';

const QUIET_MILLIS = 5000;

/** Says what is new to those who hear the page, at most once in five seconds. */
export function LiveRegion({ picture, events }: { picture: Picture; events: readonly MeshEvent[] }) {
  const say = useSay();
  const [text, setText] = useState('');
  const last = useRef(0);
  const first = picture.sentences[0];
  const newest = events[0];
  const news = newest
    ? eventText(newest, say)
    : first && first.code !== 'quiet'
      ? sentenceText(first, say)
      : '';
  useEffect(() => {
    const wait = Math.max(0, last.current + QUIET_MILLIS - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      setText(news);
    }, wait);
    return () => clearTimeout(timer);
  }, [news]);
  return (
    <p className="hidden" aria-live="polite" data-testid="live">
      {text}
    </p>
  );
}
