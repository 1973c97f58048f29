import type { Bounds, Picture, PictureNode, Status } from '../api/types';
import type { Say } from '../i18n';
import { nameOf } from './Card';
import type { Palette } from './palette';
import type { EdgeContent, Scene } from './scene';
import { labelLines } from './TrafficEdge';

const MARGIN = 32;
const FONT =
  'system-ui, -apple-system, Segoe UI, Roboto, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif';

/** The whole scene as one SVG file that needs no style sheet, script or font of its own. */
export function svgOf(picture: Picture, scene: Scene, palette: Palette, say: Say): string {
  const parts: string[] = [];
  for (const node of scene.nodes) {
    if (node.type === 'cluster') {
      const { box } = node.data;
      const title = [box.id, box.network, box.zones.join(' · ')].filter(Boolean).join('   ');
      parts.push(
        frame(box.bounds, palette.cluster, palette.line, 12),
        text(box.bounds.x + 14, box.bounds.y + 25, title, palette.text, 14, 600),
      );
    }
    if (node.type === 'namespace') {
      const { box } = node.data;
      parts.push(
        frame(box.bounds, palette.namespace, palette.namespace, 9),
        text(box.bounds.x + 10, box.bounds.y + 18, box.namespace, palette['text-2'], 11),
      );
    }
  }
  for (const edge of scene.edges) if (edge.data) parts.push(edgePart(edge.data, palette, say));
  for (const node of scene.nodes) {
    if (node.type === 'card') parts.push(cardPart(node.data.node, palette, say));
    if (node.type === 'gateway') {
      const { x, y } = node.data.chip.at;
      parts.push(
        frame({ x: x - 14, y: y - 14, width: 28, height: 28 }, palette.surface, palette.cross, 8),
        text(x, y + 5, '⇄', palette.cross, 15, 600, 'middle'),
      );
    }
  }
  const [width, height] = [picture.width + 2 * MARGIN, picture.height + 2 * MARGIN];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="${FONT}">` +
    `<title>${escaped(say('page.topology'))} ${escaped(picture.at)}</title>` +
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${palette.canvas}"/>${parts.join('')}</svg>`
  );
}

function cardPart(node: PictureNode, palette: Palette, say: Say): string {
  const { x, y } = node.bounds;
  const dash = node.ghost ? ' stroke-dasharray="5 4"' : '';
  const facts = [
    node.version,
    node.pods > 0 || node.ghost ? `${node.ready}/${node.pods}` : '',
    node.ghost ? say('graph.ghost') : '',
  ];
  return (
    frame(
      node.bounds,
      node.ghost ? 'none' : palette.node,
      node.ghost ? palette.idle : palette.line,
      8,
      dash,
    ) +
    statusPart(node.ghost ? 'notReady' : node.status, x + 16, y + 18, palette) +
    text(x + 27, y + 22, nameOf(node, say), palette.text, 12.5, 600) +
    text(x + 27, y + 38, facts.filter(Boolean).join('  '), palette['text-2'], 11)
  );
}

function statusPart(status: Status, x: number, y: number, palette: Palette): string {
  const colour = status === 'notReady' ? palette.idle : palette[status];
  switch (status) {
    case 'ok':
      return `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`;
    case 'degraded':
      return `<path d="M${x} ${y - 4}l4.6 8h-9.2z" fill="${colour}"/>`;
    case 'failure':
      return `<rect x="${x - 4}" y="${y - 4}" width="8" height="8" fill="${colour}"/>`;
    case 'idle':
      return `<circle cx="${x}" cy="${y}" r="3.7" fill="none" stroke="${colour}" stroke-width="1.4" stroke-dasharray="1.9 1.7"/>`;
    case 'notReady':
      return `<path d="M${x - 3.4} ${y - 3.4}l6.8 6.8m0 -6.8l-6.8 6.8" stroke="${colour}" stroke-width="1.9"/>`;
  }
}

function edgePart(content: EdgeContent, palette: Palette, say: Say): string {
  const { curve, edge, tone, width, label } = content;
  const colour = tone === 'muted' ? palette['line-strong'] : palette[tone];
  const gateway = edge.path === 'GATEWAY';
  const dash = edge.ghost
    ? ' stroke-dasharray="3 5"'
    : edge.protocol === 'TCP'
      ? ' stroke-dasharray="9 5"'
      : '';
  const line = (stroke: string, thick: number, more: string) =>
    `<path d="${curve.d}" fill="none" stroke="${stroke}" stroke-width="${thick.toFixed(2)}"${more}/>`;
  const facts = labelLines(content, say).map((part) => part.text);
  const lines = gateway ? [facts.join(' · ')] : facts;
  if (gateway && !edge.ghost) lines.push(edge.gateway);
  const top = label.y - (lines.length - 1) * 7 + 4;
  return (
    line(colour, gateway ? width + 4 : width, dash) +
    (gateway ? line(palette.cluster, width + 1, '') : '') +
    lines.map((part, index) => halo(label.x, top + index * 14, part, palette)).join('')
  );
}

function halo(x: number, y: number, content: string, palette: Palette): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="10.5" text-anchor="middle" fill="${palette.text}" stroke="${palette.cluster}" stroke-width="4" paint-order="stroke">${escaped(content)}</text>`;
}

function frame(bounds: Bounds, fill: string, stroke: string, radius: number, more = ''): string {
  return `<rect x="${bounds.x}" y="${bounds.y}" width="${bounds.width}" height="${bounds.height}" rx="${radius}" fill="${fill}" stroke="${stroke}"${more}/>`;
}

function text(
  x: number,
  y: number,
  content: string,
  fill: string,
  size: number,
  weight = 400,
  anchor = 'start',
): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
