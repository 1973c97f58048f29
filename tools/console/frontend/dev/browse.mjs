// Opens every page of the build in headless Chromium, in both languages and themes, and fails on a console error or an axe violation.
//   node dev/browse.mjs [--shots FOLDER] [--only NAME [--in en-dark]] [--base URL]     needs Debian's chromium package
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const argument = (name) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const shots = argument('--shots');
const only = argument('--only');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const EDGE =
  'e:cluster1/demo/productpage-cluster1>cluster2/demo/reviews-cluster2>reviews.demo.svc.cluster.local';

const topology = (query) => `/topology?test=1&${query}`;
/** name, scene, address, what to do before looking. */
const VISITS = [
  ['sign-in', 'before', '/', { signedOut: true }],
  ['topology', 'before', topology('')],
  ['failover', 'after', topology(`sel=${encodeURIComponent(EDGE)}`)],
  ['why', 'after', topology(`sel=${encodeURIComponent(EDGE)}`), { click: '[data-tab=why]' }],
  ['edge-config', 'after', topology(`sel=${encodeURIComponent(EDGE)}`), { click: '[data-tab=config]' }],
  ['traffic-lens', 'after', topology('lens=traffic&sel=n:cluster1/demo/productpage-cluster1')],
  ['security-lens', 'before', topology('lens=security')],
  ['latency-lens', 'before', topology('lens=latency&sel=c:cluster2')],
  ['config-lens', 'before', topology('lens=config')],
  ['past', 'after', topology(`at=${new Date(Date.now() - 900_000).toISOString()}`)],
  ['list', 'after', topology('list=1')],
  ['find', 'before', topology('find=reviews')],
  ['big', 'big', topology('')],
  ['empty', 'empty', topology('')],
  ['failed', 'failed', topology('')],
  ['display', 'before', topology(''), { click: '.toolbar .popover .button' }],
  ['help', 'before', topology(''), { press: '?' }],
  ['search', 'before', topology(''), { press: '/' }],
  ['clusters', 'before', '/clusters'],
  ['network-dialog', 'before', '/clusters', { click: '.page-head .button.primary' }],
  ['services', 'after', '/services'],
  ['service', 'after', '/services/demo/reviews'],
  ['workloads', 'before', '/workloads'],
  ['workload', 'before', '/workloads/cluster1/demo/reviews-cluster1'],
  ['config', 'before', '/config'],
  ['object', 'before', '/config/DestinationRule/demo/reviews'],
  ['object-new', 'before', '/config/new'],
  ['object-reader', 'before', '/config/VirtualService/demo/reviews', { token: 'reader' }],
  ['proxies', 'before', '/proxies'],
  ['proxy', 'before', '/proxies/ratings-cluster2-5d8f-a7x.demo'],
  ['certificates', 'before', '/certificates'],
  ['events', 'after', '/events'],
  [
    'explain',
    'before',
    '/explain?sel=n:cluster1/demo/productpage-cluster1',
    {
      fill: ['input[list=places] >> nth=0', 'deploy/productpage-cluster1.demo'],
      fillHost: 'reviews:9080',
      submit: true,
    },
  ],
  ['what-if', 'before', '/explain?sel=c:cluster1#what-if', { submit: true }],
  ['empty-services', 'empty', '/services'],
  ['not-found', 'before', '/nowhere'],
];

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const given = argument('--base');
const port = given ? 0 : await freePort();
const base = given ?? `http://127.0.0.1:${port}`;
const server = given
  ? undefined
  : spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url)), String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
if (server) await new Promise((resolve) => server.stdout.once('data', resolve));
const browser = await chromium.launch({
  executablePath: '/usr/lib/chromium/chromium',
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
if (shots) mkdirSync(shots, { recursive: true });
const problems = [];

async function visit(page, [name, scene, address, how = {}], language, theme) {
  const where = `${name} ${language} ${theme}`;
  await fetch(`${base}/dev/scene/${scene}`, { method: 'POST' });
  page.removeAllListeners();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${where}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${where}: page: ${error.message}`));
  await page.goto(`${base}/`);
  await page.evaluate(
    ([token, lang, colours]) => {
      sessionStorage.setItem('weft.token', token);
      localStorage.setItem('weft.language', lang);
      localStorage.setItem('weft.theme', colours);
    },
    [how.signedOut ? '' : (how.token ?? 'admin'), language, theme],
  );
  await page.goto(base + address);
  await page.waitForLoadState('networkidle', { timeout: 4000 }).catch(() => undefined);
  if (address.startsWith('/topology'))
    await page.waitForFunction(() => window.__weft?.settled, undefined, { timeout: 40_000 });
  await page.waitForSelector(how.signedOut ? 'h1' : 'main h1, main .state strong', {
    state: 'attached',
    timeout: 40_000,
  });
  if (how.click) await page.click(how.click);
  if (how.press) await page.keyboard.press(how.press);
  if (how.fill) await page.fill(...how.fill);
  if (how.fillHost) await page.fill('.question > .field:nth-of-type(4) input', how.fillHost);
  if (how.submit) await page.click('form button[type=submit]');
  await page.waitForTimeout(500);
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  for (const violation of found.violations) {
    problems.push(
      `${where}: axe ${violation.id}: ${violation.nodes.length} × ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].any[0]?.message ?? ''}`,
    );
  }
  if (shots) await page.screenshot({ path: `${shots}/${name}-${language}-${theme}.png` });
}

const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
const page = await context.newPage();
for (const [language, theme] of [
  ['en', 'dark'],
  ['zh', 'light'],
  ['en', 'light'],
  ['zh', 'dark'],
]) {
  for (const each of VISITS) {
    if (only && !each[0].match(only)) continue;
    if (only && argument('--in') && argument('--in') !== `${language}-${theme}`) continue;
    await visit(page, each, language, theme).catch((error) =>
      problems.push(`${each[0]} ${language} ${theme}: ${error.message.split('\n')[0]}`),
    );
  }
}
await browser.close();
server?.kill();
console.log(
  problems.length === 0
    ? `${VISITS.length} visits, 2 languages, 2 themes: no console error, axe-clean`
    : [...new Set(problems)].slice(0, 60).join('\n'),
);
process.exit(problems.length === 0 ? 0 : 1);
