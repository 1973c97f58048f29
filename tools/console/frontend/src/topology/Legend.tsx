import { Panel } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useSay } from '../i18n';
import { StatusShape } from '../ui/Status';
import type { Status } from '../api/types';
import { currentsOf } from '../graph/ParticleLayer';
import { requestsPerDot } from '../graph/particles';
import type { Scene } from '../graph/scene';
import type { Lens, Tone } from '../graph/tone';

const LINES: Record<Lens, Tone[]> = {
  traffic: ['ok', 'degraded', 'failure', 'tcp'],
  failover: ['cross', 'muted', 'failure'],
  latency: ['ok', 'degraded', 'failure'],
  security: ['ok', 'degraded', 'failure'],
  config: ['muted'],
};
const STATUSES: Status[] = ['ok', 'degraded', 'failure', 'idle', 'notReady'];

export function Legend({ lens, scene, playing }: { lens: Lens; scene: Scene; playing: boolean }) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const perDot = useMemo(() => requestsPerDot(currentsOf(scene)), [scene]);
  return (
    <Panel position="bottom-left" className="legend">
      <div className="legend-lines">
        {LINES[lens].map((tone) => (
          <span key={tone} className={`legend-line tone-${tone}`}>
            <svg width="22" height="8" aria-hidden="true">
              <path
                d="M0 4h22"
                stroke="currentColor"
                strokeWidth="3"
                strokeDasharray={tone === 'tcp' ? '7 3' : undefined}
              />
            </svg>
            <span>{say.code(`legend.${lens}.${tone}`)}</span>
          </span>
        ))}
        {playing && <span className="dim">{say('legend.dot', { count: perDot })}</span>}
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say('legend.more')}
        </button>
      </div>
      {open && (
        <div className="legend-lines">
          {STATUSES.map((status) => (
            <span key={status} className="legend-line">
              <StatusShape status={status} />
              {say.code(`status.${status}`)}
            </span>
          ))}
          <span className="legend-line">
            <svg width="22" height="8" aria-hidden="true">
              <path d="M0 2h22M0 6h22" stroke="currentColor" strokeWidth="1.6" />
            </svg>
            {say('path.GATEWAY')}
          </span>
          <span className="legend-line">
            <svg width="22" height="8" aria-hidden="true">
              <path d="M0 4h22" stroke="currentColor" strokeWidth="2" strokeDasharray="3 4" />
            </svg>
            {say('graph.ghost')}
          </span>
          <span className="dim">{say('legend.width')}</span>
        </div>
      )}
    </Panel>
  );
}
