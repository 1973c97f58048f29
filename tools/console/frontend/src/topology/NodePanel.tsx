import {
  ArrowLeft,
  ArrowRight,
  Boxes,
  EyeOff,
  FlaskConical,
  SquareArrowOutUpRight,
  Waypoints,
} from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useWorkload } from '../api/queries';
import type { Picture, PictureEdge, PictureNode } from '../api/types';
import { useGraphActions } from '../graph/actions';
import { nameOf } from '../graph/Card';
import { useSay } from '../i18n';
import { Pods } from '../pages/workloads/Pods';
import { Findings } from '../ui/Findings';
import { ObjectLink } from '../ui/ObjectLink';
import { Empty, Failure, Loading, SeverityIcon } from '../ui/states';
import { StatusText } from '../ui/Status';
import { Tabs } from '../ui/Tabs';
import { pageOf, useHref } from '../view';
import { sentenceText } from '../words';
import { Fact, placeText } from './EdgePanel';

type TabId = 'traffic' | 'pods' | 'config';

interface Props {
  picture: Picture;
  node: PictureNode;
  select: (selection: string) => void;
}

export function NodePanel({ picture, node, select }: Props) {
  const say = useSay();
  const href = useHref();
  const { isolate, hide } = useGraphActions();
  const [tab, setTab] = useState<TabId>('traffic');
  const isWorkload = node.kind === 'workload' || node.kind === 'gateway';
  const sentences = picture.sentences.filter((sentence) => sentence.nodes.includes(node.id));
  const page = pageOf('workloads', node.cluster, node.namespace, node.name);
  return (
    <div className="panel-body">
      <header className="panel-head">
        <div className="end-link static">
          <strong>{nameOf(node, say)}</strong>
          <small>
            {[say.code(`node.kind.${node.kind}`), node.cluster, node.namespace].filter(Boolean).join(' · ')}
          </small>
        </div>
      </header>
      <p className="row wrap">
        <StatusText status={node.ghost ? 'notReady' : node.status}>
          {node.ghost ? say('graph.ghost') : say.code(`status.${node.status}`)}
        </StatusText>
        {node.pods > 0 && (
          <span className="tag">{say('graph.readyOf', { ready: node.ready, pods: node.pods })}</span>
        )}
        {node.version && <span className="tag">{node.version}</span>}
        {node.marks.map((mark) => (
          <span key={mark} className="tag">
            {say.code(`mark.${mark}`)}
          </span>
        ))}
      </p>
      {sentences.map((sentence) => (
        <p key={sentence.code + JSON.stringify(sentence.args)} className={`panel-note ${sentence.severity}`}>
          <SeverityIcon severity={sentence.severity} />
          <span>{sentenceText(sentence, say)}</span>
        </p>
      ))}
      <div className="row wrap">
        <button type="button" className="button" onClick={() => isolate(node.id)}>
          <Waypoints size={14} aria-hidden="true" />
          {say('panel.isolate')}
        </button>
        <button type="button" className="button" onClick={() => hide(node)}>
          <EyeOff size={14} aria-hidden="true" />
          {say('panel.hide')}
        </button>
      </div>
      {isWorkload && (
        <div className="row wrap">
          <Link className="button" href={href(page)}>
            <SquareArrowOutUpRight size={14} aria-hidden="true" />
            {say('panel.details')}
          </Link>
          <Link className="button" href={href('/explain', { selection: `n:${node.id}` }) + '#what-if'}>
            <FlaskConical size={14} aria-hidden="true" />
            {say('panel.whatIf')}
          </Link>
        </div>
      )}
      <Tabs
        label={say('panel.tabs')}
        active={tab}
        onChange={setTab}
        tabs={[
          { id: 'traffic', title: say('panel.traffic') },
          ...(isWorkload
            ? ([
                { id: 'pods', title: say('panel.pods') },
                { id: 'config', title: say('panel.config') },
              ] as const)
            : []),
        ]}
      >
        {tab === 'traffic' && <Edges picture={picture} node={node} select={select} />}
        {tab === 'pods' && <PodsTab node={node} />}
        {tab === 'config' && <ConfigTab node={node} />}
      </Tabs>
    </div>
  );
}

function Edges({ picture, node, select }: Props) {
  const say = useSay();
  const into = picture.edges.filter((edge) => edge.target === node.id);
  const out = picture.edges.filter((edge) => edge.source === node.id);
  return (
    <div className="stack gap-3">
      <EdgeList
        title={say('panel.in')}
        icon={ArrowLeft}
        edges={into}
        picture={picture}
        end="source"
        select={select}
      />
      <EdgeList
        title={say('panel.out')}
        icon={ArrowRight}
        edges={out}
        picture={picture}
        end="target"
        select={select}
      />
    </div>
  );
}

interface EdgeListProps {
  title: string;
  icon: typeof ArrowLeft;
  edges: readonly PictureEdge[];
  picture: Picture;
  end: 'source' | 'target';
  select: (selection: string) => void;
}

function EdgeList({ title, icon: Icon, edges, picture, end, select }: EdgeListProps) {
  const say = useSay();
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const total = edges.reduce((sum, edge) => sum + edge.rate, 0);
  return (
    <section>
      <h3 className="row">
        <Icon size={13} aria-hidden="true" />
        {title}
        <span className="dim">{say('unit.perSecond', { rate: say.rate(total) })}</span>
      </h3>
      {edges.length === 0 && <p className="dim">{say('panel.noTraffic')}</p>}
      <ul className="edge-list">
        {[...edges]
          .sort((a, b) => b.rate - a.rate)
          .map((edge) => (
            <li key={edge.id}>
              <button type="button" onClick={() => select(`e:${edge.id}`)}>
                <StatusText status={edge.status}>
                  {placeText(nodes.get(edge[end]), edge[end], say)}
                </StatusText>
                <span className="edge-list-numbers">
                  {edge.failed > 0 && (
                    <span className="tone-failure">
                      {say('graph.errorShare', { share: say.percent(edge.failed / edge.rate) })}
                    </span>
                  )}
                  <span>{say('unit.perSecond', { rate: say.rate(edge.rate) })}</span>
                  <span className="dim">{edge.rate > 0 ? say.percent(edge.share) : ''}</span>
                </span>
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}

function PodsTab({ node }: { node: PictureNode }) {
  const say = useSay();
  const workload = useWorkload(node.cluster, node.namespace, node.name);
  if (workload.error && !node.ghost) return <Failure error={workload.error} />;
  if (node.ghost || workload.data?.pods.length === 0)
    return <Empty icon={Boxes} title={say('workload.noPods')} />;
  return workload.data ? <Pods pods={workload.data.pods} compact /> : <Loading />;
}

function ConfigTab({ node }: { node: PictureNode }) {
  const say = useSay();
  const workload = useWorkload(node.cluster, node.namespace, node.name);
  if (workload.error) return <Failure error={workload.error} />;
  if (!workload.data) return <Loading />;
  return (
    <div className="stack gap-3">
      <dl className="facts">
        <Fact title={say('column.services')}>
          {workload.data.services.length === 0
            ? '–'
            : workload.data.services.map((service) => <ObjectLink key={service.name} object={service} />)}
        </Fact>
      </dl>
      {workload.data.findings.length === 0 ? (
        <p className="dim">{say('findings.none')}</p>
      ) : (
        <Findings findings={workload.data.findings} />
      )}
    </div>
  );
}
