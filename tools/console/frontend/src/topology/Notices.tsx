import { History, Radio, X } from 'lucide-react';
import { useState } from 'react';
import type { Picture, Sentence } from '../api/types';
import { useSay } from '../i18n';
import { Banner, SeverityIcon } from '../ui/states';
import type { View, ViewAction } from '../view';
import { sentenceText } from '../words';
import type { Watched } from './usePicture';

interface Props {
  picture: Picture;
  watched: Watched;
  view: View;
  hidden: number;
  isolated: string;
  onIsolated: () => void;
  onHover: (ids: readonly string[]) => void;
  dispatch: (action: ViewAction) => void;
}

const SHOWN = 2;
/** The banner of the source says it with more. */
const SAID_ABOVE = 'source-failed';

/** What happens, in sentences, and what keeps the picture from being whole. */
export function Notices({ picture, watched, view, hidden, isolated, onIsolated, onHover, dispatch }: Props) {
  const say = useSay();
  const { source } = picture;
  return (
    <div className="notices">
      {watched.link === 'lost' && view.at === '' && (
        <Banner severity="warning">{say('link.lost', { time: say.time(picture.at) })}</Banner>
      )}
      {watched.problem && view.at !== '' && <Banner severity="error">{watched.problem.message}</Banner>}
      {source.state === 'failed' && (
        <Banner severity="error">
          {say('source.failed', { kind: say.code(`source.kind.${source.kind}`) })}{' '}
          <span className="mono">{source.message}</span>
        </Banner>
      )}
      {source.state === 'partial' && (
        <Banner severity="warning">
          {say('source.partial')} <span className="mono">{source.message}</span>
        </Banner>
      )}
      {source.state === 'empty' && <Banner severity="info">{say('source.hint.empty')}</Banner>}
      {view.at !== '' && <PastBanner view={view} dispatch={dispatch} />}
      {picture.reduced && (
        <Banner severity="info">{say('graph.reduced', { level: say.code(`level.${picture.level}`) })}</Banner>
      )}
      {isolated && <Closable onClose={onIsolated}>{say('graph.isolated', { name: isolated })}</Closable>}
      {hidden > 0 && view.hide !== '' && (
        <Closable onClose={() => dispatch({ do: 'set', change: { hide: '' } })}>
          {say('graph.hidden', { count: hidden })}
        </Closable>
      )}
      <Sentences
        sentences={picture.sentences.filter((sentence) => sentence.code !== SAID_ABOVE)}
        onHover={onHover}
        dispatch={dispatch}
      />
    </div>
  );
}

function PastBanner({ view, dispatch }: { view: View; dispatch: (action: ViewAction) => void }) {
  const say = useSay();
  return (
    <div className="banner past" role="status">
      <History size={14} aria-hidden="true" />
      <span className="grow">{say('time.past', { time: say.dateTime(view.at) })}</span>
      <button type="button" className="link-button" onClick={() => dispatch({ do: 'live' })}>
        <Radio size={13} aria-hidden="true" /> {say('time.backToLive')}
      </button>
    </div>
  );
}

function Closable({ children, onClose }: { children: string; onClose: () => void }) {
  const say = useSay();
  return (
    <div className="banner info" role="status">
      <span className="grow">{children}</span>
      <button type="button" className="icon-button small" aria-label={say('action.close')} onClick={onClose}>
        <X size={14} aria-hidden="true" />
      </button>
    </div>
  );
}

function Sentences({
  sentences,
  onHover,
  dispatch,
}: {
  sentences: readonly Sentence[];
  onHover: Props['onHover'];
  dispatch: Props['dispatch'];
}) {
  const say = useSay();
  const [all, setAll] = useState(false);
  const shown = all ? sentences : sentences.slice(0, SHOWN);
  if (sentences.length === 0) return null;
  return (
    <ul className="sentences" aria-label={say('graph.sentences')} data-testid="sentences">
      {shown.map((sentence) => {
        const ids = [...sentence.nodes, ...sentence.edges];
        const target = sentence.edges[0]
          ? `e:${sentence.edges[0]}`
          : sentence.nodes[0]
            ? `n:${sentence.nodes[0]}`
            : '';
        const text = sentenceText(sentence, say);
        return (
          <li key={sentence.code + JSON.stringify(sentence.args)} className={sentence.severity}>
            <SeverityIcon severity={sentence.severity} />
            {target ? (
              <button
                type="button"
                onMouseEnter={() => onHover(ids)}
                onMouseLeave={() => onHover([])}
                onFocus={() => onHover(ids)}
                onBlur={() => onHover([])}
                onClick={() => dispatch({ do: 'set', change: { selection: target } })}
              >
                {text}
              </button>
            ) : (
              <span>{text}</span>
            )}
          </li>
        );
      })}
      {sentences.length > SHOWN && (
        <li>
          <button type="button" className="link-button" onClick={() => setAll(!all)}>
            {all ? say('action.less') : say('action.more', { count: sentences.length - SHOWN })}
          </button>
        </li>
      )}
    </ul>
  );
}
