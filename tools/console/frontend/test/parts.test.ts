import { afterEach, describe, expect, it, vi } from 'vitest';
import { backoff, EventParser } from '../src/api/stream';
import { takeFromAddress, token } from '../src/api/token';
import type { CertificateView, MeshEvent } from '../src/api/types';
import { sayIn } from '../src/i18n';
import { worthOf } from '../src/pages/CertificatesPage';
import { validNetwork } from '../src/pages/clusters/NetworkDialog';
import { headersOf } from '../src/pages/explain/RequestTab';
import { bestOf, score } from '../src/shell/fuzzy';
import { keyName } from '../src/shell/keys';
import { instantOfClock } from '../src/shell/TimePicker';
import { merged } from '../src/topology/usePicture';
import { passes } from '../src/ui/FilterInput';
import { eventText, flagsInWords, sentenceText } from '../src/words';

describe('events of the stream', () => {
  it('are cut wherever the network cut them', () => {
    const parser = new EventParser();
    expect(parser.push('event: pict')).toEqual([]);
    expect(parser.push('ure\ndata: {"a":\ndata: 1}\n\n: still here\n\nevent: events\r\nda')).toEqual([
      { event: 'picture', data: '{"a":\n1}' },
    ]);
    expect(parser.push('ta: []\r\n\r\n')).toEqual([{ event: 'events', data: '[]' }]);
  });
  it('are waited for longer and longer', () => {
    const middle = () => 0.5;
    expect([0, 1, 2, 9].map((attempt) => backoff(attempt, middle))).toEqual([1000, 2000, 4000, 30_000]);
    expect(backoff(0, () => 0)).toBe(750);
  });
  it('are told once', () => {
    const event = (id: number) => ({ id }) as MeshEvent;
    const known = [event(2), event(1)];
    expect(merged(known, [event(2)])).toBe(known);
    expect(merged(known, [event(3)]).map((each) => each.id)).toEqual([3, 2, 1]);
  });
});

describe('the token', () => {
  afterEach(() => token.clear());
  it('leaves the address at once', () => {
    history.replaceState(null, '', '/topology?c=c1#token=secret');
    takeFromAddress(location, history);
    expect(location.href).not.toContain('secret');
    expect(location.search).toBe('?c=c1');
    expect(token.get()).toBe('secret');
  });
  it('is forgotten when refused', () => {
    const told = vi.fn();
    const stop = token.subscribe(told);
    token.set('old');
    token.refused();
    stop();
    expect(token.get()).toBe('');
    expect(token.wasRejected()).toBe(true);
    expect(told).toHaveBeenCalledTimes(2);
  });
});

describe('words', () => {
  const en = sayIn('en');
  const zh = sayIn('zh');
  const left = {
    code: 'all-left',
    args: {
      caller: 'productpage',
      namespace: 'demo',
      cluster: 'c1',
      service: 'reviews.demo.svc.cluster.local',
      share: '1',
      to: 'c2',
      since: '',
      ready: '0',
      total: '2',
    },
  };
  it('say what happens, in both languages', () => {
    expect(sentenceText(left, en)).toBe(
      'productpage in c1 sends all its reviews.demo requests to c2: c1 has 0 ready of 2 endpoints.',
    );
    expect(sentenceText(left, zh)).toContain('c2');
    expect(sentenceText({ ...left, args: { ...left.args, since: '2026-11-20T10:03:15Z' } }, en)).toContain(
      'since',
    );
  });
  it('name a service of which no cluster is known by its namespace', () => {
    const args = {
      share: '1',
      source: 'c1/demo/page',
      target: 'svc:/demo/reviews',
      flags: 'UH',
      code: '503',
    };
    expect(sentenceText({ code: 'failing', args: { ...args, service: 'reviews.demo' } }, en)).toContain(
      'page in c1 → reviews.demo (reviews.demo) fail',
    );
  });
  it('name places and shares', () => {
    const failing = {
      code: 'failing',
      args: {
        source: 'c1/demo/web',
        target: 'c2/demo/api',
        service: 'api.demo',
        share: '0.125',
        flags: 'UH',
        reason: '',
        code: '503',
      },
    };
    expect(sentenceText(failing, en)).toBe(
      '13% of web in c1 → api in c2 (api.demo) fail: no healthy endpoint (503)',
    );
  });
  it('are the server’s where the code is new', () => {
    expect(eventText({ code: 'moon-rose', args: { phase: 'full' } }, en)).toBe('moon-rose phase=full');
  });
  it('spell flags out', () => {
    expect(flagsInWords('UF,URX', en)).toBe('the connection failed, retries are used up');
    expect(flagsInWords('-', en)).toBe('');
    expect(flagsInWords('XYZ', zh)).toBe('XYZ');
  });
});

describe('small things', () => {
  it('search puts whole words first', () => {
    expect(bestOf(['pre-views', 'reviews', 'r-e-v'], 'rev', (text) => text, 3)).toEqual([
      'reviews',
      'pre-views',
      'r-e-v',
    ]);
    expect(score('details', 'xyz')).toBe(0);
  });
  it('filters by all words', () => {
    expect(passes('cluster1 demo reviews', 'demo rev')).toBe(true);
    expect(passes('cluster1 demo reviews', 'demo ratings')).toBe(false);
  });
  it('networks are labels of DNS', () => {
    expect(['', 'network1', 'a', 'a-b'].every(validNetwork)).toBe(true);
    expect(['-a', 'a-', 'A', 'a_b', 'a'.repeat(64)].some(validNetwork)).toBe(false);
  });
  it('headers are read line by line', () => {
    expect(headersOf('End-User: jason\nnot a header\nx-a: b: c')).toEqual({
      'end-user': 'jason',
      'x-a': 'b: c',
    });
  });
  it('keys have one name', () => {
    expect(keyName({ key: 'k', ctrlKey: true, metaKey: false, altKey: false })).toBe('mod+k');
    expect(keyName({ key: ' ', ctrlKey: false, metaKey: false, altKey: false })).toBe('Space');
  });
  it('a clock time is of the last hour', () => {
    const now = new Date(2026, 10, 20, 10, 5).getTime();
    expect(instantOfClock('10:03:15', now)).toBe(new Date(2026, 10, 20, 10, 3, 15).toISOString());
    expect(instantOfClock('08:00', now)).toBeUndefined();
    expect(instantOfClock('soon', now)).toBeUndefined();
  });
  it('certificates are worth less near their end', () => {
    const day = 86_400_000;
    const certificate = (role: CertificateView['role'], left: number) =>
      ({
        role,
        notBefore: new Date(0).toISOString(),
        notAfter: new Date(100 * day + left).toISOString(),
      }) as CertificateView;
    expect(worthOf(certificate('root', 29 * day), 100 * day)).toBe('warn');
    expect(worthOf(certificate('intermediate', 29 * day), 100 * day)).toBe('ok');
    expect(worthOf(certificate('workload', -1), 100 * day)).toBe('bad');
  });
});
