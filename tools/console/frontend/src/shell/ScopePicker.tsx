import { ChevronDown, Layers } from 'lucide-react';
import { useState } from 'react';
import { useSay } from '../i18n';
import { useSession } from '../session';
import { CheckBox } from '../ui/fields';
import { Popover } from '../ui/Popover';
import { useView } from '../view';

const FILTER_FROM = 10;

export function ScopePicker() {
  const say = useSay();
  const session = useSession();
  const [view, dispatch] = useView();
  const set = (change: { clusters?: string[]; namespaces?: string[] }) =>
    dispatch({ do: 'set', change: { ...change, viewport: undefined } });
  const clusters = short(view.clusters) || say('scope.allClusters');
  const namespaces = short(view.namespaces) || say('scope.allNamespaces');
  return (
    <Popover
      className="chip-button"
      label={
        <>
          <Layers size={14} aria-hidden="true" />
          <span className="hidden">{say('scope.title')}: </span>
          <span className="ellipsis">
            {clusters} <span className="dim">·</span> {namespaces}
          </span>
          <ChevronDown size={13} aria-hidden="true" />
        </>
      }
    >
      <div className="scope">
        <Choice
          title={say('scope.clusters')}
          all={session.clusters}
          chosen={view.clusters}
          onChange={(next) => set({ clusters: next })}
        />
        <Choice
          title={say('scope.namespaces')}
          all={session.namespaces}
          chosen={view.namespaces}
          onChange={(next) => set({ namespaces: next })}
        />
      </div>
    </Popover>
  );
}

function short(names: readonly string[]): string {
  return names.length > 2 ? `${names.slice(0, 2).join(', ')} +${names.length - 2}` : names.join(', ');
}

interface ChoiceProps {
  title: string;
  all: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function Choice({ title, all, chosen, onChange }: ChoiceProps) {
  const say = useSay();
  const [filter, setFilter] = useState('');
  const shown = all.filter((name) => name.includes(filter.trim().toLowerCase()));
  return (
    <fieldset>
      <legend>{title}</legend>
      {all.length >= FILTER_FROM && (
        <input
          className="input"
          type="search"
          placeholder={say('action.filter')}
          aria-label={say('action.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      <div className="scope-list">
        {shown.map((name) => (
          <CheckBox
            key={name}
            checked={chosen.includes(name)}
            onChange={(on) =>
              onChange(on ? [...chosen, name].sort() : chosen.filter((other) => other !== name))
            }
          >
            {name}
          </CheckBox>
        ))}
        {shown.length === 0 && <span className="dim">{say('scope.none')}</span>}
      </div>
      <button
        type="button"
        className="link-button"
        disabled={chosen.length === 0}
        onClick={() => onChange([])}
      >
        {say('scope.all')}
      </button>
    </fieldset>
  );
}
