import { useSay, type Key } from '../i18n';
import { Dialog } from '../ui/Dialog';
import { PAGES } from './pages';

const GRAPH_KEYS: [string[], Key][] = [
  [['1', '…', '5'], 'help.lens'],
  [['+', '−', '0'], 'help.zoom'],
  [['←', '↑', '→', '↓'], 'help.move'],
  [['Enter'], 'help.enter'],
  [['[', ']'], 'help.edges'],
  [['x'], 'help.explain'],
  [['h'], 'help.hide'],
  [['i'], 'help.isolate'],
  [['Space'], 'help.play'],
  [[',', '.'], 'help.step'],
  [['l'], 'help.list'],
  [['f'], 'help.find'],
];
const ANYWHERE: [string[], Key][] = [
  [['/', 'Ctrl K'], 'help.search'],
  [['?'], 'help.help'],
  [['Esc'], 'help.back'],
];

export function Help({ onClose }: { onClose: () => void }) {
  const say = useSay();
  return (
    <Dialog title={say('help.title')} onClose={onClose} wide>
      <div className="help">
        <KeyList title={say('help.anywhere')} keys={ANYWHERE.map(([names, key]) => [names, say(key)])} />
        <KeyList title={say('help.pages')} keys={PAGES.map((page) => [['g', page.key], say(page.title)])} />
        <KeyList title={say('help.graph')} keys={GRAPH_KEYS.map(([names, key]) => [names, say(key)])} />
      </div>
    </Dialog>
  );
}

function KeyList({ title, keys }: { title: string; keys: [string[], string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map(([names, text]) => (
          <div key={text}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
