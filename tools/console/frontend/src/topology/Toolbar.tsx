import { Download, List, Search as SearchIcon, SlidersHorizontal, Workflow } from 'lucide-react';
import { useReactFlow } from '@xyflow/react';
import type { Picture } from '../api/types';
import { FIELD_NAMES, FLAG_NAMES } from '../graph/find';
import { readPalette } from '../graph/palette';
import type { Labels, Scene } from '../graph/scene';
import { svgOf } from '../graph/svg';
import { LENSES, type Lens } from '../graph/tone';
import { useSay } from '../i18n';
import { CheckBox, Field, Segmented } from '../ui/fields';
import { Popover } from '../ui/Popover';
import type { View, ViewAction } from '../view';
import { saveJson, savePng, saveSvg } from './save';
import type { Read } from './TopologyPage';

interface Props {
  picture: Picture;
  scene: Scene;
  view: View;
  lens: Lens;
  dispatch: (action: ViewAction) => void;
  find: Read;
  hide: Read;
}

export function Toolbar({ picture, scene, view, lens, dispatch, find, hide }: Props) {
  const say = useSay();
  return (
    <div className="toolbar" role="toolbar" aria-label={say('graph.toolbar')}>
      <Segmented
        label={say('lens.title')}
        options={LENSES.map((id) => ({ id, title: say.code(`lens.${id}`) }))}
        value={lens}
        onChange={(next) => dispatch({ do: 'set', change: { lens: next } })}
      />
      <Display view={view} dispatch={dispatch} />
      <FindField view={view} dispatch={dispatch} find={find} hide={hide} />
      <span className="grow" />
      <button
        type="button"
        className="button"
        aria-pressed={view.list}
        onClick={() => dispatch({ do: 'toggle', flag: 'list' })}
      >
        {view.list ? <Workflow size={14} aria-hidden="true" /> : <List size={14} aria-hidden="true" />}
        {say(view.list ? 'view.graph' : 'view.list')}
      </button>
      <Export picture={picture} scene={scene} />
    </div>
  );
}

const LEVELS = ['auto', 'workload', 'namespace', 'cluster'] as const;
const LABELS: (keyof Labels)[] = ['share', 'rate', 'errors', 'latency'];
const FLAGS = ['boxes', 'services', 'idle', 'ghosts', 'animation'] as const;

function Display({ view, dispatch }: Pick<Props, 'view' | 'dispatch'>) {
  const say = useSay();
  return (
    <Popover
      label={
        <>
          <SlidersHorizontal size={14} aria-hidden="true" />
          {say('display.title')}
        </>
      }
    >
      <div className="display">
        <h2>{say('display.level')}</h2>
        <Segmented
          label={say('display.level')}
          options={LEVELS.map((id) => ({ id, title: say.code(`level.${id}`) }))}
          value={view.level}
          onChange={(level) => dispatch({ do: 'set', change: { level, viewport: undefined } })}
        />
        <div className="display-columns">
          <div>
            <h2>{say('display.show')}</h2>
            {FLAGS.map((flag) => (
              <CheckBox key={flag} checked={view[flag]} onChange={() => dispatch({ do: 'toggle', flag })}>
                {say.code(`display.${flag}`)}
              </CheckBox>
            ))}
          </div>
          <div>
            <h2>{say('display.labels')}</h2>
            {LABELS.map((label) => (
              <CheckBox
                key={label}
                checked={view.labels[label]}
                onChange={() => dispatch({ do: 'label', label })}
              >
                {say.code(`label.${label}`)}
              </CheckBox>
            ))}
          </div>
        </div>
      </div>
    </Popover>
  );
}

function FindField({ view, dispatch, find, hide }: Pick<Props, 'view' | 'dispatch' | 'find' | 'hide'>) {
  const say = useSay();
  const wrong = (read: Read) =>
    read.wrong === undefined ? undefined : say('find.wrong', { word: read.wrong || '…' });
  return (
    <div className="find">
      <SearchIcon size={14} aria-hidden="true" />
      <input
        id="find"
        type="search"
        aria-label={say('find.find')}
        aria-invalid={find.wrong !== undefined}
        title={wrong(find)}
        placeholder={say('find.placeholder')}
        value={view.find}
        onChange={(event) => dispatch({ do: 'set', change: { find: event.target.value } })}
      />
      <Popover className="link-button" label={say('find.more')} align="right">
        <div className="display">
          <Field label={say('find.find')} error={wrong(find)}>
            {(id) => (
              <input
                id={id}
                className="input mono"
                value={view.find}
                onChange={(event) => dispatch({ do: 'set', change: { find: event.target.value } })}
              />
            )}
          </Field>
          <Field label={say('find.hide')} error={wrong(hide)}>
            {(id) => (
              <input
                id={id}
                className="input mono"
                value={view.hide}
                onChange={(event) => dispatch({ do: 'set', change: { hide: event.target.value } })}
              />
            )}
          </Field>
          <p className="dim">
            {say('find.fields')} <span className="mono">{FIELD_NAMES.join(' ')}</span>
          </p>
          <p className="dim">
            {say('find.flags')} <span className="mono">{FLAG_NAMES.join(' ')}</span>
          </p>
          <p className="dim">
            {say('find.example')} <code>not healthy or rate &gt; 100</code>
          </p>
        </div>
      </Popover>
    </div>
  );
}

function Export({ picture, scene }: Pick<Props, 'picture' | 'scene'>) {
  const say = useSay();
  const flow = useReactFlow();
  const svg = () => svgOf(picture, scene, readPalette(), say);
  const name = `weft-topology-${picture.at.replaceAll(/[:.]/g, '-')}`;
  return (
    <Popover
      align="right"
      label={
        <>
          <Download size={14} aria-hidden="true" />
          {say('export.title')}
        </>
      }
    >
      {(close) => (
        <div className="menu">
          {(
            [
              ['PNG', () => savePng(svg(), picture, name)],
              ['SVG', () => saveSvg(svg(), name)],
              ['JSON', () => saveJson(picture, name)],
            ] as const
          ).map(([format, save]) => (
            <button
              key={format}
              type="button"
              className="menu-item"
              onClick={() => {
                void save();
                close();
              }}
            >
              {say('export.as', { format })}
            </button>
          ))}
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              const { x, y, zoom } = flow.getViewport();
              const url = new URL(location.href);
              url.searchParams.set(
                'v',
                [x, y, zoom].map((value) => Math.round(value * 1000) / 1000).join(','),
              );
              void navigator.clipboard.writeText(url.toString());
              close();
            }}
          >
            {say('export.link')}
          </button>
        </div>
      )}
    </Popover>
  );
}
