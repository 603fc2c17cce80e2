/** Draws a QR code here in the browser: nobody else learns what it says. */
const SVG = 'http://www.w3.org/2000/svg';
/** Light modules around the code, as the standard (ISO/IEC 18004) asks for. */
const QUIET_ZONE = 4;

export async function drawQr(place, text) {
  const { encode } = await import('/assets/uqr/index.mjs');
  const { data, size } = encode(text, { border: QUIET_ZONE });
  const dark = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', dark);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.append(path);
  place.replaceChildren(svg);
}
