import {
  Activity,
  Boxes,
  FileCode2,
  Network,
  Route,
  ShieldCheck,
  Split,
  Waypoints,
  Workflow,
  type LucideIcon,
} from 'lucide-react';
import type { Key } from '../i18n';

export interface Page {
  path: string;
  title: Key;
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
}

export const PAGES: readonly Page[] = [
  { path: '/topology', title: 'page.topology', icon: Workflow, key: 't' },
  { path: '/clusters', title: 'page.clusters', icon: Network, key: 'c' },
  { path: '/services', title: 'page.services', icon: Waypoints, key: 's' },
  { path: '/workloads', title: 'page.workloads', icon: Boxes, key: 'w' },
  { path: '/config', title: 'page.config', icon: FileCode2, key: 'f' },
  { path: '/proxies', title: 'page.proxies', icon: Split, key: 'p' },
  { path: '/certificates', title: 'page.certificates', icon: ShieldCheck, key: 'y' },
  { path: '/events', title: 'page.events', icon: Activity, key: 'e' },
  { path: '/explain', title: 'page.explain', icon: Route, key: 'x' },
];
