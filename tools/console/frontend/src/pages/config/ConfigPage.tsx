import { FileCode2, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useConfig } from '../../api/queries';
import type { ConfigRow } from '../../api/types';
import { useSay } from '../../i18n';
import { FilterInput, passes } from '../../ui/FilterInput';
import { CheckBox } from '../../ui/fields';
import { Empty, Failure, Loading, SeverityIcon } from '../../ui/states';
import { Table } from '../../ui/Table';
import { pageOf, useHref } from '../../view';
import { Page } from '../Page';
import { useInScope } from '../scope';

export default function ConfigPage() {
  const say = useSay();
  const href = useHref();
  const inScope = useInScope();
  const [filter, setFilter] = useState('');
  const [kind, setKind] = useState('');
  const [faulty, setFaulty] = useState(false);
  const config = useConfig();
  if (config.error && !config.data)
    return <Failure error={config.error} retry={() => void config.refetch()} />;
  if (!config.data) return <Loading />;
  const kinds = [...new Set(config.data.map((row) => row.kind))].sort();
  const rows = config.data.filter(
    (row) =>
      inScope('', row.namespace) &&
      (kind === '' || row.kind === kind) &&
      (!faulty || row.findings > 0) &&
      passes(`${row.kind} ${row.namespace} ${row.name}`, filter),
  );
  return (
    <Page
      title={say('page.config')}
      count={rows.length}
      actions={
        <div className="filters">
          <CheckBox checked={faulty} onChange={setFaulty}>
            {say('config.faulty')}
          </CheckBox>
          <select
            className="input select"
            aria-label={say('column.kind')}
            value={kind}
            onChange={(event) => setKind(event.target.value)}
          >
            <option value="">{say('config.allKinds')}</option>
            {kinds.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <FilterInput value={filter} onChange={setFilter} />
          <Link className="button primary" href={href('/config/new')}>
            <Plus size={14} aria-hidden="true" />
            {say('config.new')}
          </Link>
        </div>
      }
    >
      <Table<ConfigRow>
        caption={say('page.config')}
        rows={rows}
        keyOf={(row) => `${row.kind} ${row.namespace}/${row.name}`}
        empty={<Empty icon={FileCode2} title={say('config.none')} />}
        columns={[
          {
            id: 'name',
            title: say('column.name'),
            by: (row) => row.name,
            cell: (row) => (
              <Link href={href(pageOf('config', row.kind, row.namespace, row.name))}>{row.name}</Link>
            ),
          },
          { id: 'kind', title: say('column.kind'), by: (row) => row.kind, cell: (row) => row.kind },
          {
            id: 'namespace',
            title: say('column.namespace'),
            by: (row) => row.namespace,
            cell: (row) => row.namespace || '–',
          },
          { id: 'findings', title: say('column.findings'), by: worth, cell: (row) => <Worst row={row} /> },
          {
            id: 'version',
            title: say('config.apiVersion'),
            by: (row) => row.apiVersion,
            cell: (row) => <span className="dim">{row.apiVersion}</span>,
          },
          {
            id: 'created',
            title: say('config.created'),
            by: (row) => row.created,
            cell: (row) => (row.created ? say.relative(row.created, Date.now()) : '–'),
          },
        ]}
      />
    </Page>
  );
}

function worth(row: ConfigRow): number {
  return (row.worst === 'error' ? 2000 : row.worst === 'warning' ? 1000 : 0) + row.findings;
}

function Worst({ row }: { row: ConfigRow }) {
  const say = useSay();
  if (row.findings === 0 || row.worst === '') return <span className="dim">–</span>;
  return (
    <span className="row">
      <SeverityIcon severity={row.worst} />
      {say.count(row.findings)}
    </span>
  );
}
