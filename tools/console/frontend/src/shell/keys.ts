import { useEffect, useRef } from 'react';

/** By the key as typed, `mod+k` for Ctrl or ⌘, `g t` for two keys one after the other. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MILLIS = 1200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type))
  );
}

export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  if (event.altKey) return '';
  return (event.ctrlKey || event.metaKey ? 'mod+' : '') + (event.key === ' ' ? 'Space' : event.key);
}

/** Keys of a page while it is shown. Keys that are typed into a field and keys inside a dialog are not meant for the page. */
export function useKeys(map: KeyMap): void {
  const current = useRef(map);
  useEffect(() => {
    current.current = map;
  });
  useEffect(() => {
    let first = '';
    let pressedAt = 0;
    const onKey = (event: KeyboardEvent) => {
      const name = keyName(event);
      if (event.defaultPrevented || !name || document.querySelector('dialog[open]')) return;
      if (isTyping(event.target) && name !== 'mod+k') return;
      const sequence = first && event.timeStamp - pressedAt < SEQUENCE_MILLIS ? `${first} ${name}` : '';
      const action = current.current[sequence] ?? (sequence ? undefined : current.current[name]);
      first = sequence ? '' : name;
      pressedAt = event.timeStamp;
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
