import type { ObjectRef, SubsetView } from '../api/types';
import { useSay } from '../i18n';
import { ObjectLink } from './ObjectLink';
import { Table } from './Table';

interface Props {
  rules: readonly ObjectRef[];
  subsets: readonly SubsetView[];
}

/** The rules that apply to a service, and its subsets. */
export function ServiceRules({ rules, subsets }: Props) {
  const say = useSay();
  return (
    <>
      {rules.length === 0 && <p className="dim">{say('panel.noRules')}</p>}
      <ul className="plain">
        {rules.map((rule) => (
          <li key={`${rule.kind} ${rule.namespace}/${rule.name}`}>
            <ObjectLink object={rule} />
          </li>
        ))}
      </ul>
      {subsets.length > 0 && (
        <Table
          compact
          caption={say('service.subsets')}
          rows={subsets}
          keyOf={(subset) => subset.name}
          columns={[
            { id: 'name', title: say('service.subset'), cell: (subset) => subset.name },
            {
              id: 'labels',
              title: say('column.labels'),
              cell: (subset) => (
                <span className="mono">
                  {Object.entries(subset.labels)
                    .map((label) => label.join('='))
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
      )}
    </>
  );
}
