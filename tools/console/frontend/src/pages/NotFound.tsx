import { Compass } from 'lucide-react';
import { Link } from 'wouter';
import { useSay } from '../i18n';
import { Empty } from '../ui/states';
import { useHref } from '../view';
import { Page } from './Page';

export function NotFound() {
  const say = useSay();
  const href = useHref();
  return (
    <Page title={say('notFound.title')}>
      <Empty icon={Compass} title={say('notFound.way')}>
        <Link href={href('/topology')}>{say('page.topology')}</Link>
      </Empty>
    </Page>
  );
}
