// Small helpers to build the page. Text only ever becomes a text node: what a customer or the bot
// wrote can never turn into markup, and nothing here needs more than a strict CSP allows.

import { ICONS } from './icons.js';

const SVG = 'http://www.w3.org/2000/svg';

/** `el('p', { class: 'x', onclick: f }, 'text', node)`; `null` and `false` children and attributes are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A decorative icon; give `label` when it says something the text around it does not. */
export function icon(name, label) {
  const { box = '0 0 24 24', paths } = ICONS[name];
  const node = svg('svg', { viewBox: box, class: `icon icon-${name}`, focusable: 'false' });
  for (const d of paths) node.append(svg('path', { d }));
  if (label) {
    node.setAttribute('role', 'img');
    node.setAttribute('aria-label', label);
    node.append(svg('title', {}, document.createTextNode(label)));
  } else node.setAttribute('aria-hidden', 'true');
  return node;
}

/** Puts icons into the `<span data-icon="name">` places of the page's own HTML. */
export function fillIcons(root = document) {
  for (const place of root.querySelectorAll('[data-icon]')) place.replaceChildren(icon(place.dataset.icon));
}

/** Makes the children of `parent` exactly `wanted`, touching only what differs. */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) parent.removeChild(child);
  let cursor = parent.firstChild;
  for (const node of wanted) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

/** Sets text only when it differs, so that unchanged nodes stay untouched (selection, screen readers). */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const byId = (id) => document.getElementById(id);

export const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
