// The chat's background: small drawings on a repeating tile, built as SVG nodes (no image request).

import { svg } from './dom.js';

const TILE = 240;

/** [transform, path] of each drawing; all keep clear of the tile's edge. */
const DOODLES = [
  ['translate(24 28) rotate(-12)', 'M-12-4a17 17 0 0 1 24 0M-7 1a10 10 0 0 1 14 0M0 6.500v.01'],
  ['translate(86 24) rotate(8)', 'M-11 1 0-9 11 1M-8-1V10H8V-1M-2 10V3H3v7'],
  ['translate(148 30) rotate(-6)', 'M-11-7H11V6H-3L-8 11V6h-3Z'],
  ['translate(208 26) rotate(14)', 'M3-11-6 2H0L-3 11 6-2H0Z'],
  ['translate(54 86) rotate(10)', 'M-12 2H12V9H-12ZM-7 2V-8M7 2V-8M-7 5.500v.01M-2 5.500v.01'],
  ['translate(116 84) rotate(-14)', 'M0 8S-9 2-9-3.500A4.6 4.6 0 0 1 0-5 4.6 4.6 0 0 1 9-3.500C9 2 0 8 0 8Z'],
  ['translate(178 88) rotate(6)', 'M-11-7H11V7H-11ZM-11-6 0 2 11-6'],
  ['translate(224 84)', 'M-5 0H5M0-5V5'],
  ['translate(14 84)', 'M-4 0a4 4 0 1 0 8 0 4 4 0 1 0-8 0'],
  ['translate(26 146) rotate(-8)', 'M-8 6a5 5 0 0 1 0-10A7 7 0 0 1 5-5.5 5.6 5.6 0 0 1 8 6Z'],
  ['translate(88 148) rotate(16)', 'M-6-11H6V11H-6ZM-1.5 8H1.5'],
  ['translate(150 144) rotate(-10)', 'M-4-10v5M4-10v5M-7-5H7V0a7 7 0 0 1-14 0ZM0 7v5'],
  ['translate(210 148) rotate(8)', 'M0 10S-7 3-7-3A7 7 0 0 1 7-3C7 3 0 10 0 10ZM0-3v.01'],
  ['translate(56 208) rotate(-6)', 'M0-9-7 11M0-9 7 11M-5 5H5M-3-1H3M-5-12a7 7 0 0 0 0 7M5-12a7 7 0 0 1 0 7'],
  [
    'translate(118 206) rotate(8)',
    'M-8-4H5V4a4 4 0 0 1-4 4H-4a4 4 0 0 1-4-4ZM5-2h3a2 2 0 0 1 0 5H5M-4-7v-3M1-7v-3',
  ],
  ['translate(178 208) rotate(-12)', 'M0-9 2.6-2.8 9-2.6 4 1.6 5.8 8 0 4.4-5.8 8-4 1.6-9-2.6-2.6-2.800Z'],
  ['translate(224 206)', 'M-8 0q4-6 8 0t8 0'],
  ['translate(14 206)', 'M-5-4 5 4M-5 4 5-4'],
];

export function paintWallpaper(parent) {
  const tile = { id: 'doodles', width: TILE, height: TILE, patternUnits: 'userSpaceOnUse' };
  const drawings = DOODLES.map(([transform, d]) => svg('path', { transform, d }));
  parent.replaceChildren(
    svg(
      'svg',
      { width: '100%', height: '100%' },
      svg('defs', {}, svg('pattern', tile, ...drawings)),
      svg('rect', { width: '100%', height: '100%', fill: 'url(#doodles)' }),
    ),
  );
}
