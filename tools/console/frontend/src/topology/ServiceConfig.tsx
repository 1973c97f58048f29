import { FileCode2 } from 'lucide-react';
import { Link } from 'wouter';
import { useService } from '../api/queries';
import { useSay } from '../i18n';
import { Findings } from '../ui/Findings';
import { ServiceRules } from '../ui/ServiceRules';
import { Empty, Failure, Loading } from '../ui/states';
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
        <ServiceRules rules={rules} subsets={subsets} />
      </section>
      <Findings findings={findings} />
    </div>
  );
}
