import { Boxes, FileCode2, Network, SearchX, Waypoints, type LucideIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useConfig, useServices, useWorkloads } from '../api/queries';
import { useSay } from '../i18n';
import { useSession } from '../session';
import { Dialog } from '../ui/Dialog';
import { pageOf, useHref } from '../view';
import { bestOf } from './fuzzy';
import { PAGES } from './pages';

interface Hit {
  path: string;
  title: string;
  where: string;
  icon: LucideIcon;
}

const MOST_HITS = 12;

export function Search({ onClose }: { onClose: () => void }) {
  const say = useSay();
  const href = useHref();
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const all = useHits();
  const hits = useMemo(() => bestOf(all, text, (hit) => `${hit.title} ${hit.where}`, MOST_HITS), [all, text]);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(href(hit.path));
  };
  return (
    <Dialog title={say('search.title')} onClose={onClose}>
      <input
        className="input search-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="search-hits"
        aria-activedescendant={hits[active] ? `hit-${active}` : undefined}
        aria-label={say('search.title')}
        placeholder={say('search.placeholder')}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setActive((active + step + hits.length) % Math.max(1, hits.length));
          }
          if (event.key === 'Enter') go(hits[active]);
        }}
      />
      <ul id="search-hits" className="hits" role="listbox" aria-label={say('search.hits')}>
        {hits.map((hit, index) => (
          <li
            key={hit.path + hit.title}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseMove={() => setActive(index)}
            onClick={() => go(hit)}
          >
            <hit.icon size={15} aria-hidden="true" />
            <span className="grow ellipsis">{hit.title}</span>
            <span className="dim">{hit.where}</span>
          </li>
        ))}
      </ul>
      {hits.length === 0 && (
        <p className="dim row">
          <SearchX size={15} aria-hidden="true" />
          {say('search.nothing')}
        </p>
      )}
    </Dialog>
  );
}

function useHits(): Hit[] {
  const say = useSay();
  const session = useSession();
  const services = useServices().data;
  const workloads = useWorkloads().data;
  const config = useConfig().data;
  return useMemo(
    () => [
      ...PAGES.map((page) => ({
        path: page.path,
        title: say(page.title),
        where: say('search.page'),
        icon: page.icon,
      })),
      ...session.clusters.map((id) => ({
        path: `/clusters`,
        title: id,
        where: say('search.cluster'),
        icon: Network,
      })),
      ...(services ?? []).map((service) => ({
        path: pageOf('services', service.namespace, service.name),
        title: service.name,
        where: `${say('search.service')} · ${service.namespace}`,
        icon: Waypoints,
      })),
      ...(workloads ?? []).map((workload) => ({
        path: pageOf('workloads', workload.cluster, workload.namespace, workload.name),
        title: workload.name,
        where: `${workload.cluster} · ${workload.namespace}`,
        icon: Boxes,
      })),
      ...(config ?? []).map((object) => ({
        path: pageOf('config', object.kind, object.namespace, object.name),
        title: object.name,
        where: `${object.kind} · ${object.namespace}`,
        icon: FileCode2,
      })),
    ],
    [say, session, services, workloads, config],
  );
}
