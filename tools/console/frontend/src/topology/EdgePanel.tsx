import { ArrowLeftRight, ArrowRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Picture, PictureEdge, PictureNode } from '../api/types';
import { nameOf } from '../graph/Card';
import { LockIcon } from '../graph/TrafficEdge';
import { useSay, type Say } from '../i18n';
import { SeverityIcon } from '../ui/states';
import { StatusText } from '../ui/Status';
import { Tabs } from '../ui/Tabs';
import { Table } from '../ui/Table';
import { codeInWords, flagsInWords, sentenceText } from '../words';
import { ServiceConfig } from './ServiceConfig';
import { Why } from './Why';

type TabId = 'traffic' | 'why' | 'config';

interface Props {
  picture: Picture;
  edge: PictureEdge;
  select: (selection: string) => void;
}

export function EdgePanel({ picture, edge, select }: Props) {
  const say = useSay();
  const [tab, setTab] = useState<TabId>('traffic');
  const ends = new Map(picture.nodes.map((node) => [node.id, node]));
  const [source, target] = [ends.get(edge.source), ends.get(edge.target)];
  const sentences = picture.sentences.filter((sentence) => sentence.edges.includes(edge.id));
  return (
    <div className="panel-body">
      <header className="panel-head">
        <EndLink node={source} id={edge.source} select={select} />
        <ArrowRight size={14} aria-label={say('panel.to')} role="img" />
        <EndLink node={target} id={edge.target} select={select} />
      </header>
      <p className="panel-sentence" data-testid="edge-sentence">
        {edgeSentence(edge, source, target, say)}
      </p>
      {sentences.map((sentence) => (
        <p key={sentence.code} className={`panel-note ${sentence.severity}`}>
          <SeverityIcon severity={sentence.severity} />
          <span>{sentenceText(sentence, say)}</span>
        </p>
      ))}
      <Tabs
        label={say('panel.tabs')}
        active={tab}
        onChange={setTab}
        tabs={[
          { id: 'traffic', title: say('panel.traffic') },
          { id: 'why', title: say('panel.why') },
          { id: 'config', title: say('panel.config') },
        ]}
      >
        {tab === 'traffic' && <Traffic edge={edge} />}
        {tab === 'why' && <Why host={edge.service} client={source} />}
        {tab === 'config' && <ServiceConfig host={edge.service} />}
      </Tabs>
    </div>
  );
}

function EndLink({
  node,
  id,
  select,
}: {
  node: PictureNode | undefined;
  id: string;
  select: Props['select'];
}) {
  const say = useSay();
  return (
    <button type="button" className="end-link" onClick={() => select(`n:${id}`)}>
      <strong>{node ? nameOf(node, say) : id}</strong>
      {node?.cluster && <small>{node.cluster}</small>}
    </button>
  );
}

export function placeText(node: PictureNode | undefined, id: string, say: Say): string {
  if (!node) return id;
  return node.cluster
    ? say('panel.place', { name: nameOf(node, say), cluster: node.cluster })
    : nameOf(node, say);
}

function edgeSentence(
  edge: PictureEdge,
  source: PictureNode | undefined,
  target: PictureNode | undefined,
  say: Say,
): string {
  const values = {
    source: placeText(source, edge.source, say),
    target: placeText(target, edge.target, say),
    service: edge.service.split('.')[0] ?? '',
    rate: say.rate(edge.rate),
    share: say.percent(edge.share),
    gateway: edge.gateway,
  };
  if (edge.ghost || edge.rate <= 0) return say('panel.edgeGhost', values);
  if (!edge.service) return say('panel.edgePlain', values);
  return say(edge.path === 'GATEWAY' ? 'panel.edgeGateway' : 'panel.edgeDirect', values);
}

function Traffic({ edge }: { edge: PictureEdge }) {
  const say = useSay();
  const failed = edge.rate > 0 ? edge.failed / edge.rate : 0;
  return (
    <div className="stack gap-3">
      <dl className="facts">
        <Fact title={say('column.status')}>
          <StatusText status={edge.status}>{say.code(`status.${edge.status}`)}</StatusText>
        </Fact>
        <Fact title={say('column.rate')}>{say('unit.perSecond', { rate: say.rate(edge.rate) })}</Fact>
        <Fact title={say('column.share')}>{say.percent(edge.share)}</Fact>
        <Fact title={say('column.errors')}>
          <span className={failed > 0 ? 'tone-failure' : undefined}>{say.percent(failed)}</span>
        </Fact>
        <Fact title={say('column.protocol')}>{edge.protocol}</Fact>
        <Fact title={say('column.path')}>
          <span className="row">
            {edge.path === 'GATEWAY' && (
              <ArrowLeftRight size={13} className="tone-cross" aria-hidden="true" />
            )}
            {say.code(`path.${edge.path}`)}
          </span>
          {edge.gateway && <span className="mono">{edge.gateway}</span>}
        </Fact>
        <Fact title={say('column.mtls')}>
          <span className="row">
            <LockIcon edge={edge} />
            {say.code(edge.mutualTls >= 1 ? 'mtls.full' : edge.mutualTls > 0 ? 'mtls.partial' : 'mtls.none')}
            {edge.mutualTls > 0 && edge.mutualTls < 1 && say.percent(edge.mutualTls)}
          </span>
        </Fact>
        <Fact title={say('column.bytes')}>
          {say.bytes(edge.sentBytes)} ↑ {say.bytes(edge.receivedBytes)} ↓
        </Fact>
      </dl>
      <Latency edge={edge} />
      <BothEnds edge={edge} />
      {edge.codes.length > 0 && (
        <section>
          <h3>{say('traffic.codes')}</h3>
          <Table
            compact
            caption={say('traffic.codes')}
            rows={edge.codes}
            keyOf={(code) => `${code.code} ${code.flags}`}
            columns={[
              {
                id: 'code',
                title: say('traffic.code'),
                cell: (code) => (
                  <span className={code.code === 0 || code.code >= 500 ? 'tone-failure' : undefined}>
                    {codeInWords(code, say)}
                  </span>
                ),
              },
              {
                id: 'flags',
                title: say('traffic.flags'),
                cell: (code) => (
                  <>
                    {flagsInWords(code.flags, say)}
                    {code.flags && code.flags !== '-' && <span className="mono dim"> {code.flags}</span>}
                  </>
                ),
              },
              { id: 'rate', title: say('column.rate'), numeric: true, cell: (code) => say.rate(code.rate) },
            ]}
          />
        </section>
      )}
    </div>
  );
}

export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Latency({ edge }: { edge: PictureEdge }) {
  const say = useSay();
  const values = [
    { title: say('latency.mean'), millis: edge.meanMillis },
    { title: 'p50', millis: edge.p50Millis },
    { title: 'p95', millis: edge.p95Millis },
    { title: 'p99', millis: edge.p99Millis },
  ];
  const most = Math.max(1, ...values.map((value) => value.millis ?? 0));
  if (edge.rate <= 0) return null;
  return (
    <section>
      <h3>{say('column.latency')}</h3>
      <dl className="bars">
        {values.map(({ title, millis }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <span
                className="bar"
                style={{ width: `${((millis ?? 0) / most) * 100}%` }}
                aria-hidden="true"
              />
              <span className="bar-value">
                {millis === null ? say('latency.unknown') : say.millis(millis)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const DISAGREE = 0.05;

function BothEnds({ edge }: { edge: PictureEdge }) {
  const say = useSay();
  const { clientRate, serverRate } = edge;
  if (edge.rate <= 0) return null;
  const differs =
    clientRate !== null &&
    serverRate !== null &&
    Math.abs(clientRate - serverRate) > DISAGREE * Math.max(clientRate, serverRate);
  const value = (rate: number | null) =>
    rate === null ? say('traffic.notSeen') : say('unit.perSecond', { rate: say.rate(rate) });
  return (
    <section>
      <h3>{say('traffic.bothEnds')}</h3>
      <dl className="facts">
        <Fact title={say('traffic.client')}>{value(clientRate)}</Fact>
        <Fact title={say('traffic.server')}>{value(serverRate)}</Fact>
      </dl>
      {differs && (
        <p className="panel-note warning">
          <SeverityIcon severity="warning" />
          <span>{say('traffic.differs')}</span>
        </p>
      )}
    </section>
  );
}
