import { FlaskConical, Network } from 'lucide-react';
import { Link } from 'wouter';
import type { ClusterBox, Picture } from '../api/types';
import { linkStatus } from '../graph/Boxes';
import { crosses } from '../graph/tone';
import { useSay } from '../i18n';
import { StatusText } from '../ui/Status';
import { useHref } from '../view';
import { Fact, placeText } from './EdgePanel';

interface Props {
  picture: Picture;
  box: ClusterBox;
  select: (selection: string) => void;
}

export function ClusterPanel({ picture, box, select }: Props) {
  const say = useSay();
  const href = useHref();
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const border = picture.edges.filter((edge) => {
    const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
    return crosses(source, target) && (source?.cluster === box.id || target?.cluster === box.id);
  });
  return (
    <div className="panel-body">
      <header className="panel-head">
        <div className="end-link static">
          <strong>{box.id}</strong>
          <small>{say('column.cluster')}</small>
        </div>
      </header>
      <div className="row wrap">
        <Link className="button" href={href('/clusters')}>
          <Network size={14} aria-hidden="true" />
          {say('page.clusters')}
        </Link>
        <Link className="button" href={href('/explain', { selection: `c:${box.id}` }) + '#what-if'}>
          <FlaskConical size={14} aria-hidden="true" />
          {say('panel.whatIf')}
        </Link>
      </div>
      <dl className="facts">
        <Fact title={say('column.status')}>
          <StatusText status={linkStatus(box.state)}>{say.code(`cluster.state.${box.state}`)}</StatusText>
        </Fact>
        <Fact title={say('column.network')}>{box.network || '–'}</Fact>
        <Fact title={say('column.region')}>{box.region || '–'}</Fact>
        <Fact title={say('column.zones')}>{box.zones.join(', ') || '–'}</Fact>
        <Fact title={say('panel.in')}>{say('unit.perSecond', { rate: say.rate(box.rateIn) })}</Fact>
        <Fact title={say('panel.out')}>{say('unit.perSecond', { rate: say.rate(box.rateOut) })}</Fact>
      </dl>
      <section>
        <h3>{say('cluster.gateways')}</h3>
        {box.gateways.length === 0 && <p className="dim">{say('cluster.noGateway')}</p>}
        <ul className="plain">
          {box.gateways.map((gateway) => (
            <li key={gateway.name} className="row wrap">
              <StatusText status={gateway.ready > 0 ? 'ok' : 'failure'}>{gateway.name}</StatusText>
              <span className="mono">{gateway.addresses.join(', ') || say('graph.noAddress')}</span>
              <span className="dim">
                {say('graph.readyOf', { ready: gateway.ready, pods: gateway.pods })}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>{say('panel.border')}</h3>
        {border.length === 0 && <p className="dim">{say('panel.noTraffic')}</p>}
        <ul className="edge-list">
          {border.map((edge) => (
            <li key={edge.id}>
              <button type="button" onClick={() => select(`e:${edge.id}`)}>
                <span>
                  {placeText(nodes.get(edge.source), edge.source, say)} →{' '}
                  {placeText(nodes.get(edge.target), edge.target, say)}
                </span>
                <span className="edge-list-numbers">
                  {say('unit.perSecond', { rate: say.rate(edge.rate) })}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
