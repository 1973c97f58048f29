import type { Portion } from '../../api/types';
import { useSay } from '../../i18n';

/** Where requests go, with shares as bars. */
export function Portions({ portions }: { portions: readonly Portion[] }) {
  const say = useSay();
  if (portions.length === 0) return <span className="dim">–</span>;
  return (
    <div className="portions">
      {portions.map((portion) => (
        <span key={`${portion.place} ${portion.address} ${portion.path}`} className="portion">
          <span className={portion.place ? 'share-bar' : 'share-bar bad'} aria-hidden="true">
            <span style={{ width: `${portion.share * 100}%` }} />
          </span>
          <span className="num">{say.percent(portion.share)}</span>
          <span className={portion.place ? undefined : 'tone-failure'}>
            {portion.place || say('whatIf.nowhere')}
          </span>
          {portion.path === 'GATEWAY' && (
            <span className="tone-cross">
              {say('path.GATEWAY')} <span className="mono">{portion.address}</span>
            </span>
          )}
        </span>
      ))}
    </div>
  );
}
