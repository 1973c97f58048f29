import { useSay } from '../i18n';

export function FilterInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const say = useSay();
  return (
    <input
      className="input"
      type="search"
      aria-label={say('action.filter')}
      placeholder={say('action.filter')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Whether all words of a filter are found in a row's text. */
export function passes(text: string, filter: string): boolean {
  const lower = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
