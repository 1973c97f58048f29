import { Compass } from 'lucide-react';
import { Link } from 'wouter';
import { useSay } from '../i18n';
import { Empty } from '../ui/states';
import { useHref } from '../view';

export function NotFound() {
  const say = useSay();
  const href = useHref();
  return (
    <Empty icon={Compass} title={say('notFound.title')}>
      <Link href={href('/topology')}>{say('page.topology')}</Link>
    </Empty>
  );
}
