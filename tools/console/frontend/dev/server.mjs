// A development tool, not shipped: serves the build and answers the console's API from fixtures, with the policy the product sends.
//   node dev/server.mjs [port]        tokens: "admin", "reader"
//   curl -X POST localhost:PORT/dev/scene/NAME   before | after | big | empty | failed
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer, pictureOf, eventsOf } from './fixtures/answers.mjs';

const web = fileURLToPath(new URL('../../src/main/resources/dev/weft/console/web/', import.meta.url));
const port = Number(process.argv[2] ?? 5174);
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
let scene = process.env.SCENE ?? 'before';

function json(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function role(request) {
  const given = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  return given === 'admin' || given === 'reader' ? given : '';
}

function stream(url, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const tell = () => {
    response.write(`event: picture\ndata: ${JSON.stringify(pictureOf(scene, url.searchParams))}\n\n`);
    response.write(`event: events\ndata: ${JSON.stringify(eventsOf(scene).slice(0, 5))}\n\n`);
  };
  tell();
  const timer = setInterval(tell, 5000);
  response.on('close', () => clearInterval(timer));
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function api(request, response, url) {
  const who = role(request);
  if (!who) return json(response, 401, { error: 'The token is not known.', code: 'unauthorized' });
  if (url.pathname === '/api/v1/topology/stream') return stream(url, response);
  const [status, value] = answer({ scene, who, method: request.method, url, text: await body(request) });
  return json(response, status, value);
}

function file(response, pathname) {
  const wanted = normalize(join(web, pathname));
  const found =
    wanted.startsWith(web) && existsSync(wanted) && statSync(wanted).isFile()
      ? wanted
      : join(web, 'index.html');
  response.writeHead(200, {
    'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
  });
  createReadStream(found).pipe(response);
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/dev/scene/') && request.method === 'POST') {
    scene = url.pathname.split('/').pop();
    return json(response, 200, { scene });
  }
  if (url.pathname.startsWith('/api/')) {
    return void api(request, response, url).catch((error) =>
      json(response, 500, { error: String(error), code: 'internal' }),
    );
  }
  return file(response, url.pathname);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/#token=admin`));
