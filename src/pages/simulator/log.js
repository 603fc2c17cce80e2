// The list of messages. It promises a stable DOM: a node is made once per message id, moved only when
// the order changes, and the view stays at the bottom unless the reader has scrolled up.

import { createBubble } from './bubbles.js';
import { arrange, el, setText } from './dom.js';

const NEAR_BOTTOM_PX = 60;

/**
 * `view`: { scroller, list, empty, jump, unread } elements. `onRetry(id)` is called for a failed own message.
 */
export function createLog(view, onRetry) {
  const { scroller, list, empty, jump, unread } = view;
  const bubbles = new Map();
  const days = new Map();
  const typing = el(
    'div',
    { class: 'bubble theirs typing tail', 'aria-hidden': 'true' },
    el('i'),
    el('i'),
    el('i'),
  );
  let sticking = true;
  let missed = 0;

  scroller.addEventListener('scroll', () => {
    sticking = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM_PX;
    if (sticking) missed = 0;
    showJump();
  });
  jump.addEventListener('click', () => toBottom());
  new window.ResizeObserver(() => sticking && toBottom()).observe(scroller);

  function toBottom() {
    sticking = true;
    missed = 0;
    scroller.scrollTop = scroller.scrollHeight;
    showJump();
  }

  function showJump() {
    jump.hidden = sticking;
    unread.hidden = missed === 0;
    setText(unread, String(missed));
  }

  /** Shows exactly `messages`, in this order, and the typing dots below them if `isTyping`. */
  function render(messages, isTyping) {
    const first = list.childElementCount === 0;
    const wanted = [];
    const alive = new Set(messages.map((message) => message.id));
    let day = '';
    let previous = null;
    for (const message of messages) {
      const today = dayOf(message.at);
      if (today !== day) {
        wanted.push(separator(today, message.at));
        previous = null;
      }
      day = today;
      const node = bubbleFor(message, first);
      node.classList.toggle('tail', message.from !== previous);
      previous = message.from;
      wanted.push(node);
    }
    if (isTyping) wanted.push(typing);
    for (const id of bubbles.keys()) if (!alive.has(id)) bubbles.delete(id);
    arrange(list, wanted);
    empty.hidden = messages.length > 0;
    if (sticking) toBottom();
    else showJump();
  }

  function bubbleFor(message, first) {
    const known = bubbles.get(message.id);
    if (known) {
      known.update(message);
      return known.node;
    }
    const bubble = createBubble(message, onRetry);
    bubbles.set(message.id, bubble);
    bubble.node.classList.toggle('fresh', !first);
    if (!sticking && message.from === 'bot') missed += 1;
    return bubble.node;
  }

  function separator(key, at) {
    if (!days.has(key)) days.set(key, el('div', { class: 'day' }, el('span')));
    const node = days.get(key);
    setText(node.firstChild, dayLabel(at));
    return node;
  }

  /** The bubble of a just-sent message goes on as the one the server has stored. */
  function adopt(from, to) {
    const bubble = bubbles.get(from);
    if (!bubble || bubbles.has(to)) return;
    bubbles.delete(from);
    bubbles.set(to, bubble);
  }

  function clear() {
    bubbles.clear();
    days.clear();
    list.replaceChildren();
    toBottom();
  }

  return { render, adopt, clear, toBottom, has: (id) => bubbles.has(id) };
}

const dayOf = (at) => new Date(at).toLocaleDateString('sv-SE');

function dayLabel(at) {
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(at) === dayOf(Date.now())) return 'Hari ini';
  if (dayOf(at) === dayOf(yesterday)) return 'Kemarin';
  return new Date(at).toLocaleDateString('id-ID', { day: 'numeric', month: 'long', year: 'numeric' });
}
