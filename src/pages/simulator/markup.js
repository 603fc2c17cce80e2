// WhatsApp's text markup: *bold*, _italic_, ~strike~, `code` and links, as tokens and as DOM nodes.
// A marker counts only at the edge of a word and with its partner on the same line; everything else
// stays as typed. Rendering uses text nodes only.

const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' };
const TAGS = { bold: 'strong', italic: 'em', strike: 's' };
const WORD = /[\p{L}\p{N}]/u;
const LINK = /(?:https?:\/\/[^\s<>"]+|wa\.me\/[^\s<>"]+)/iy;
const BLOCK = /```([^`]+)```/y;
const CODE = /`([^`\n]*[^`\s][^`\n]*)`/y;

/**
 * Tokens: {type:'text'|'code', text}, {type:'link', text, href}, {type:'bold'|'italic'|'strike', children}.
 * Whatever is not markup stays as typed.
 */
export function parseMarkup(source) {
  const tokens = [];
  let plain = '';
  let at = 0;
  const push = (token, length) => {
    if (plain) tokens.push({ type: 'text', text: plain });
    plain = '';
    tokens.push(token);
    at += length;
  };
  while (at < source.length) {
    const code = match(BLOCK, source, at) ?? match(CODE, source, at);
    if (code) {
      push({ type: 'code', text: code[1].replace(/^\n|\n$/g, '') }, code[0].length);
      continue;
    }
    const link = isEdge(source[at - 1]) ? readLink(source, at) : null;
    if (link) {
      push(link, link.text.length);
      continue;
    }
    const end = closingMarker(source, at);
    if (end > 0) {
      const children = parseMarkup(source.slice(at + 1, end));
      push({ type: STYLES[source[at]], children }, end + 1 - at);
      continue;
    }
    plain += source[at];
    at += 1;
  }
  if (plain) tokens.push({ type: 'text', text: plain });
  return tokens;
}

/** Puts `source` into `parent` as formatted text, replacing what was there. */
export function renderMarkup(parent, source) {
  parent.replaceChildren(...parseMarkup(source).map(toNode));
}

function toNode(token) {
  if (token.type === 'text') return document.createTextNode(token.text);
  const node = document.createElement(TAGS[token.type] ?? (token.type === 'link' ? 'a' : 'code'));
  if (token.children) {
    node.append(...token.children.map(toNode));
    return node;
  }
  node.textContent = token.text;
  if (token.type === 'code') node.classList.toggle('block', token.text.includes('\n'));
  if (token.type === 'link') {
    node.href = token.href;
    node.target = '_blank';
    node.rel = 'noopener noreferrer';
  }
  return node;
}

const isEdge = (character) => character === undefined || !WORD.test(character);

function match(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** The link at `at`, without the punctuation or marker that ends the sentence around it. */
function readLink(source, at) {
  const found = match(LINK, source, at);
  if (!found) return null;
  let text = found[0].replace(/[.,;:!?'*_~`]+$/, '');
  if (text.endsWith(')') && !text.includes('(')) text = text.slice(0, -1);
  const href = /^https?:/i.test(text) ? text : `https://${text}`;
  if (!window.URL.canParse(href)) return null;
  return { type: 'link', text, href };
}

/** Index of the partner of the marker at `at`, or 0 when there is none. */
function closingMarker(source, at) {
  const marker = source[at];
  if (!STYLES[marker] || !isEdge(source[at - 1]) || source[at - 1] === marker) return 0;
  if (/\s/.test(source[at + 1] ?? ' ') || source[at + 1] === marker) return 0;
  for (let end = at + 2; end < source.length && source[end] !== '\n'; end += 1) {
    const closes = source[end] === marker && !/\s/.test(source[end - 1]) && source[end - 1] !== marker;
    if (closes && isEdge(source[end + 1]) && source[end + 1] !== marker) return end;
  }
  return 0;
}
