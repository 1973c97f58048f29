import { useSay } from '../i18n';

export function ErrorShare({ share }: { share: number }) {
  const say = useSay();
  return <span className={share > 0 ? 'tone-failure' : 'dim'}>{say.percent(share)}</span>;
}
