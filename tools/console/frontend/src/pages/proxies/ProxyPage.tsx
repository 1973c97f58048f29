import { useMemo, useState } from 'react';
import { useParams } from 'wouter';
import { useProxy } from '../../api/queries';
import type { ProxyDetail, ResourceDifference } from '../../api/types';
import { useSay } from '../../i18n';
import { FilterInput } from '../../ui/FilterInput';
import { Failure, Loading, SeverityIcon } from '../../ui/states';
import { Table } from '../../ui/Table';
import { Tabs } from '../../ui/Tabs';
import { Page } from '../Page';
import { TypeCell } from './ProxiesPage';

const PARTS = ['listeners', 'routes', 'clusters', 'endpoints'] as const;
type TabId = (typeof PARTS)[number] | 'differences';
const MOST_SHOWN = 200;

export default function ProxyPage() {
  const say = useSay();
  const { id = '' } = useParams<{ id: string }>();
  const [tab, setTab] = useState<TabId>('differences');
  const detail = useProxy(id);
  if (detail.error && !detail.data)
    return <Failure error={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Loading />;
  const { proxy } = detail.data;
  return (
    <Page
      title={proxy.id}
      back={{ path: '/proxies', title: say('page.proxies') }}
      badges={
        <>
          <span className="tag">{proxy.cluster}</span>
          <span className="tag">{proxy.workload}</span>
          <span className="tag">{proxy.version}</span>
        </>
      }
    >
      <Table
        caption={say('proxy.types')}
        rows={proxy.types}
        keyOf={(type) => type.type}
        columns={[
          { id: 'type', title: say('proxy.type'), cell: (type) => <strong>{type.type}</strong> },
          { id: 'state', title: say('column.status'), cell: (type) => <TypeCell state={type} /> },
          { id: 'sent', title: say('proxy.sent'), cell: (type) => say.dateTime(type.sent) },
          {
            id: 'acknowledged',
            title: say('proxy.acknowledgedAt'),
            cell: (type) => say.dateTime(type.acknowledged),
          },
          {
            id: 'message',
            title: say('proxy.message'),
            cell: (type) => (
              <span className={type.message ? 'mono tone-failure break' : 'dim'}>{type.message || '–'}</span>
            ),
          },
        ]}
      />
      <div>
        <Tabs
          label={say('proxy.held')}
          active={tab}
          onChange={setTab}
          tabs={[
            { id: 'differences', title: say('proxy.differences'), count: detail.data.differences.length },
            ...PARTS.map((part) => ({
              id: part,
              title: `${say.code(`proxy.part.${part}`)} · ${detail.data[part].length}`,
            })),
          ]}
        >
          {tab === 'differences' ? (
            <Differences rows={detail.data.differences} />
          ) : (
            <Resources key={tab} detail={detail.data} part={tab} />
          )}
        </Tabs>
      </div>
    </Page>
  );
}

function Differences({ rows }: { rows: readonly ResourceDifference[] }) {
  const say = useSay();
  if (rows.length === 0) {
    return (
      <p className="row">
        <SeverityIcon severity="info" />
        {say('proxy.same')}
      </p>
    );
  }
  return (
    <Table
      caption={say('proxy.differences')}
      rows={rows}
      keyOf={(row) => `${row.type} ${row.name}`}
      columns={[
        { id: 'type', title: say('proxy.type'), by: (row) => row.type, cell: (row) => row.type },
        {
          id: 'name',
          title: say('column.name'),
          by: (row) => row.name,
          cell: (row) => <span className="mono break">{row.name}</span>,
        },
        {
          id: 'kind',
          title: say('proxy.difference'),
          by: (row) => row.kind,
          cell: (row) => say.code(`proxy.difference.${row.kind}`),
        },
        { id: 'message', title: say('proxy.message'), cell: (row) => row.message || '–' },
      ]}
    />
  );
}

function nameOf(resource: unknown, index: number): string {
  if (typeof resource === 'object' && resource !== null) {
    for (const key of ['name', 'clusterName', 'cluster_name']) {
      const value = (resource as Record<string, unknown>)[key];
      if (typeof value === 'string' && value) return value;
    }
  }
  return `#${index + 1}`;
}

function Resources({ detail, part }: { detail: ProxyDetail; part: (typeof PARTS)[number] }) {
  const say = useSay();
  const [filter, setFilter] = useState('');
  const all = useMemo(
    () =>
      detail[part].map((resource, index) => ({
        name: nameOf(resource, index),
        text: JSON.stringify(resource, null, 2),
      })),
    [detail, part],
  );
  const found = all.filter((resource) => resource.text.toLowerCase().includes(filter.toLowerCase()));
  return (
    <div className="stack">
      <div className="filters">
        <FilterInput value={filter} onChange={setFilter} />
        <span className="dim">{say('proxy.found', { count: found.length })}</span>
      </div>
      {found.length === 0 ? (
        <p className="dim">{say('proxy.nothing')}</p>
      ) : (
        <div className="resources">
          {found.slice(0, MOST_SHOWN).map((resource) => (
            <details key={resource.name} className="resource">
              <summary>{resource.name}</summary>
              <pre className="yaml" tabIndex={0}>
                {resource.text}
              </pre>
            </details>
          ))}
        </div>
      )}
    </div>
  );
}
