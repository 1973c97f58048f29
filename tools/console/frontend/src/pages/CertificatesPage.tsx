import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useCertificates } from '../api/queries';
import type { CertificateView } from '../api/types';
import { useSay } from '../i18n';
import { FilterInput, passes } from '../ui/FilterInput';
import { Banner, Empty, Failure, Loading } from '../ui/states';
import { Table } from '../ui/Table';
import { useInScope } from './scope';
import { Page } from './Page';

const DAY = 86_400_000;

type Worth = 'ok' | 'warn' | 'bad';

/** Roots warn 30 days before their end, intermediates 7; what lives for hours warns when nine tenths of its life are over. */
export function worthOf(certificate: CertificateView, now: number): Worth {
  const [from, until] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)];
  if (Number.isNaN(until)) return 'ok';
  const left = until - now;
  if (left <= 0) return 'bad';
  if (certificate.role === 'root') return left < 30 * DAY ? 'warn' : 'ok';
  if (certificate.role === 'intermediate') return left < 7 * DAY ? 'warn' : 'ok';
  return left < 0.1 * (until - from) ? 'warn' : 'ok';
}

export default function CertificatesPage() {
  const say = useSay();
  const inScope = useInScope();
  const [filter, setFilter] = useState('');
  const certificates = useCertificates();
  if (certificates.error && !certificates.data)
    return <Failure error={certificates.error} retry={() => void certificates.refetch()} />;
  if (!certificates.data) return <Loading />;
  const now = Date.now();
  const all = certificates.data.filter(
    (row) =>
      inScope(row.cluster, '') &&
      passes(`${row.subject} ${row.identity} ${row.cluster} ${row.secret} ${row.serial}`, filter),
  );
  const roots = all.filter((row) => row.role === 'root');
  const between = all.filter((row) => row.role === 'intermediate');
  const leaves = all
    .filter((row) => row.role !== 'root' && row.role !== 'intermediate')
    .sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
  const ending = all.filter((row) => worthOf(row, now) !== 'ok');
  return (
    <Page
      title={say('page.certificates')}
      count={all.length}
      actions={<FilterInput value={filter} onChange={setFilter} />}
    >
      {all.length === 0 && <Empty icon={ShieldCheck} title={say('certificate.none')} />}
      {ending.length > 0 && (
        <Banner severity="warning">{say('certificate.ending', { count: ending.length })}</Banner>
      )}
      {new Set(roots.map((root) => root.serial)).size > 1 && (
        <Banner severity="info">{say('certificate.roots')}</Banner>
      )}
      {roots.length + between.length > 0 && (
        <section className="stack">
          <h2>{say('certificate.chain')}</h2>
          {roots.map((root) => (
            <Authority key={root.serial} certificate={root} now={now} />
          ))}
          {between.length > 0 && (
            <div className="chain">
              {between.map((certificate) => (
                <Authority key={certificate.serial} certificate={certificate} now={now} />
              ))}
            </div>
          )}
        </section>
      )}
      {leaves.length > 0 && <Leaves rows={leaves} now={now} />}
    </Page>
  );
}

function Authority({ certificate, now }: { certificate: CertificateView; now: number }) {
  const say = useSay();
  return (
    <div className="card-panel">
      <div className="row wrap">
        <ShieldCheck
          size={16}
          aria-hidden="true"
          className={`tone-${worthOf(certificate, now) === 'ok' ? 'ok' : 'degraded'}`}
        />
        <strong>{certificate.subject}</strong>
        <span className="tag">{say.code(`certificate.role.${certificate.role}`)}</span>
        {certificate.cluster && <span className="tag">{certificate.cluster}</span>}
        <span className="grow" />
        <Validity certificate={certificate} now={now} />
      </div>
      <dl className="facts">
        {(
          [
            ['certificate.serial', certificate.serial],
            ['certificate.algorithm', certificate.algorithm],
            ['certificate.issuer', certificate.issuer],
            ['certificate.secret', certificate.secret],
          ] as const
        )
          .filter(([, value]) => value)
          .map(([key, value]) => (
            <div key={key}>
              <dt>{say(key)}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}

function Validity({ certificate, now }: { certificate: CertificateView; now: number }) {
  const say = useSay();
  const [from, until] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)];
  const left = Math.min(1, Math.max(0, (until - now) / (until - from || 1)));
  return (
    <div
      className="validity"
      title={`${say.dateTime(certificate.notBefore)} – ${say.dateTime(certificate.notAfter)}`}
    >
      <span className="dim">
        {say(until <= now ? 'certificate.ended' : 'certificate.ends', {
          when: say.relative(certificate.notAfter, now),
        })}
      </span>
      <div className={`validity-bar ${worthOf(certificate, now)}`} aria-hidden="true">
        <span style={{ width: `${left * 100}%` }} />
      </div>
    </div>
  );
}

function Leaves({ rows, now }: { rows: readonly CertificateView[]; now: number }) {
  const say = useSay();
  return (
    <section className="stack">
      <h2>{say('certificate.leaves')}</h2>
      <Table<CertificateView>
        caption={say('certificate.leaves')}
        rows={rows}
        keyOf={(row) => `${row.issuer} ${row.serial} ${row.secret}`}
        columns={[
          {
            id: 'identity',
            title: say('column.identity'),
            by: (row) => row.identity || row.subject,
            cell: (row) => <span className="mono break">{row.identity || row.subject}</span>,
          },
          {
            id: 'role',
            title: say('certificate.kind'),
            by: (row) => row.role,
            cell: (row) => say.code(`certificate.role.${row.role}`),
          },
          {
            id: 'cluster',
            title: say('column.cluster'),
            by: (row) => row.cluster,
            cell: (row) => row.cluster || '–',
          },
          {
            id: 'serial',
            title: say('certificate.serial'),
            cell: (row) => (
              <span className="mono">
                {row.serial.length > 16 ? `${row.serial.slice(0, 16)}…` : row.serial}
              </span>
            ),
          },
          {
            id: 'renewal',
            title: say('certificate.renewal'),
            by: (row) => row.renewal,
            cell: (row) => (row.renewal ? say.relative(row.renewal, now) : '–'),
          },
          {
            id: 'ends',
            title: say('certificate.validity'),
            by: (row) => row.notAfter,
            cell: (row) => <Validity certificate={row} now={now} />,
          },
        ]}
      />
    </section>
  );
}
