import { FileCode2 } from 'lucide-react';
import { Link } from 'wouter';
import { useService } from '../api/queries';
import { useSay } from '../i18n';
import { Findings } from '../ui/Findings';
import { ObjectLink } from '../ui/ObjectLink';
import { Empty, Failure, Loading } from '../ui/states';
import { Table } from '../ui/Table';
import { pageOf, useHref } from '../view';
import { partsOf } from './Why';

/** The rules that apply to a service, with what is wrong with them. */
export function ServiceConfig({ host }: { host: string }) {
  const say = useSay();
  const href = useHref();
  const { name, namespace } = partsOf(host);
  const service = useService(namespace, name);
  if (!host) return <Empty icon={FileCode2} title={say('panel.noRules')} />;
  if (service.error) return <Failure error={service.error} />;
  if (!service.data) return <Loading />;
  const { rules, subsets, findings } = service.data;
  return (
    <div className="stack gap-3">
      <Link href={href(pageOf('services', namespace, name))}>{host}</Link>
      <section>
        <h3>{say('panel.rules')}</h3>
        {rules.length === 0 && <p className="dim">{say('panel.noRules')}</p>}
        <ul className="plain">
          {rules.map((rule) => (
            <li key={`${rule.kind} ${rule.namespace}/${rule.name}`}>
              <ObjectLink object={rule} />
            </li>
          ))}
        </ul>
      </section>
      {subsets.length > 0 && (
        <section>
          <h3>{say('service.subsets')}</h3>
          <Table
            compact
            caption={say('service.subsets')}
            rows={subsets}
            keyOf={(subset) => subset.name}
            columns={[
              { id: 'name', title: say('column.name'), cell: (subset) => subset.name },
              {
                id: 'labels',
                title: say('column.labels'),
                cell: (subset) => (
                  <span className="mono">
                    {Object.entries(subset.labels)
                      .map(([key, value]) => `${key}=${value}`)
                      .join(' ')}
                  </span>
                ),
              },
              {
                id: 'endpoints',
                title: say('column.endpoints'),
                numeric: true,
                cell: (subset) => (
                  <span className={subset.endpoints === 0 ? 'tone-failure' : undefined}>
                    {subset.endpoints}
                  </span>
                ),
              },
            ]}
          />
        </section>
      )}
      <Findings findings={findings} />
    </div>
  );
}
