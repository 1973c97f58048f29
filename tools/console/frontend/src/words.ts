import type { CodeRate, Finding, MeshEvent, Sentence } from './api/types';
import { known, type Say, type Values } from './i18n';

/** The sentence of a code with its arguments; a code that this page does not know yet is shown as the server sent it. */
function said(prefix: string, code: string, args: Record<string, string>, say: Say): string {
  const key = `${prefix}.${code}`;
  if (known(key)) return say(key, valuesOf(args, say));
  const rest = Object.entries(args).map(([name, value]) => `${name}=${value}`);
  return [code, ...rest].join(' ');
}

export const sentenceText = (sentence: Pick<Sentence, 'code' | 'args'>, say: Say): string =>
  said('sentence', sentence.code, sentence.args, say);
export const eventText = (event: Pick<MeshEvent, 'code' | 'args'>, say: Say): string =>
  said('event', event.code, event.args, say);
/** What a step of a story is about; what it found is said in the server's own words beside it. */
export const stepTitle = (code: string, say: Say): string =>
  known(`step.${code}`) ? say.code(`step.${code}`) : code;

/** Arguments come as text; those that are shares, rates, times, states and flags are put into the reader's words. */
function valuesOf(args: Record<string, string>, say: Say): Values {
  const values: Values = {};
  for (const [name, value] of Object.entries(args)) values[name] = wordOf(name, value, say);
  return values;
}

const PLACES = new Set(['source', 'target', 'callers', 'place', 'workload', 'to']);
const CLUSTER_DOMAIN = /\.svc\.cluster\.local\b/g;

function wordOf(name: string, value: string, say: Say): string {
  if (/^(since|at|until)$/.test(name)) return value === '' ? 'none' : say.time(value);
  if (/share$/i.test(name) && isNumber(value)) return say.percent(Number(value));
  if (/rate$/i.test(name) && isNumber(value)) return say.rate(Number(value));
  if (name === 'flags') return flagsInWords(value, say) || 'none';
  if (name === 'reason') return reasonInWords(value, say);
  if (name === 'gateway') return value || 'none';
  if (name === 'code') return value === '' || value === '0' ? 'none' : value;
  if (name === 'state' && known(`cluster.state.${value}`)) return say.code(`cluster.state.${value}`);
  if (name === 'source' && known(`source.kind.${value}`)) return say.code(`source.kind.${value}`);
  if (PLACES.has(name))
    return value
      .split(', ')
      .map((id) => placeInWords(id, say))
      .join(say('list.separator'));
  return value.replace(CLUSTER_DOMAIN, '');
}

function isNumber(value: string): boolean {
  return value !== '' && !Number.isNaN(Number(value));
}

/** Why a prediction is as it is; words of the server where the code is not known. */
export function reasonInWords(reason: string, say: Say): string {
  const key = `reason.${reason.toLowerCase().replaceAll('_', '-')}`;
  return known(key) ? say(key) : reason;
}

/** `cluster1/demo/reviews` as "reviews in cluster1"; a service of which no cluster is known as "reviews.demo". */
function placeInWords(id: string, say: Say): string {
  if (id === 'outside') return say('graph.outside');
  const [cluster, namespace, name] = id.replace(/^svc:/, '').split('/');
  if (!name) return id;
  if (cluster) return say('panel.place', { name, cluster });
  return namespace ? `${name}.${namespace}` : name;
}

/** `UH,URX` as "no healthy upstream, retries used up". */
export function flagsInWords(flags: string, say: Say): string {
  return flags
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag !== '-')
    .map((flag) => (known(`flag.${flag}`) ? say.code(`flag.${flag}`) : flag))
    .join(say('list.separator'));
}

export function codeInWords(code: CodeRate, say: Say): string {
  return code.code === 0 ? say('traffic.noResponse') : String(code.code);
}

export function findingWhere(finding: Finding): string {
  const { kind, namespace, name } = finding.object;
  return [kind, namespace && `${namespace}/${name}`].filter(Boolean).join(' ');
}
