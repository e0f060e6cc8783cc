import type { CallNode } from './cpu-profile.js';

const WIDTH = 1400;
const ROW = 17;
/** Narrower boxes, px, could not be read. */
const NARROWEST = 1.5;
/** Where a name fits at least in part, px. */
const NARROWEST_WITH_TEXT = 36;
const CHARACTER_WIDTH = 6.2;

/** A call tree as SVG, the callers above: width is time; a box tells its name and time when pointed at. */
export const flameGraph = (title: string, root: CallNode): string => {
  const boxes: string[] = [];
  let depth = 0;
  const draw = (node: CallNode, left: number, level: number): void => {
    const width = (node.total / root.total) * WIDTH;
    if (width < NARROWEST) return;
    depth = Math.max(depth, level);
    const y = 30 + level * ROW;
    const share = `${((node.total * 100) / root.total).toFixed(1)} %`;
    const room = Math.floor((width - 6) / CHARACTER_WIDTH);
    const name = width >= NARROWEST_WITH_TEXT ? node.label.slice(0, room) : '';
    boxes.push(
      `<g><title>${plain(node.label)}: ${share}, ${node.total.toFixed(0)} ms</title>` +
        `<rect x="${left.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${colour(node.label)}"/>` +
        `<text x="${(left + 3).toFixed(1)}" y="${y + 12}">${plain(name)}</text></g>`,
    );
    let at = left;
    for (const child of [...node.children].sort((a, b) => b.total - a.total)) {
      draw(child, at, level + 1);
      at += (child.total / root.total) * WIDTH;
    }
  };
  draw(root, 0, 0);
  const height = 40 + (depth + 1) * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/><text x="10" y="20" font-size="14">${plain(title)}</text>`,
    ...boxes,
    '</svg>\n',
  ].join('\n');
};

/** By where code is from: ours, libraries', Node's, native. */
const colour = (label: string): string => {
  if (label.includes(' dist/')) return '#f4a261';
  if (label.includes(' node_modules/')) return '#e9c46a';
  if (label.includes(' node:')) return '#a8dadc';
  return '#cdd5db';
};

const plain = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!);
