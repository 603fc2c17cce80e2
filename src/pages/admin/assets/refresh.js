// Looks every few seconds whether the page has changed on the server, and puts in the parts that have.
// It stops while nobody is there, so that an abandoned page does not keep its admin logged in.

const EVERY_MS = 5_000;
const TIMEOUT_MS = 10_000;
const NOBODY_THERE_MS = 15 * 60_000;

const live = document.getElementById('live');
let etag = null;
let lastSeen = Date.now();

export function watch(url) {
  for (const sign of ['pointerdown', 'pointermove', 'keydown', 'scroll']) {
    window.addEventListener(sign, () => (lastSeen = Date.now()), { passive: true });
  }
  tell('Diperbarui otomatis.');
  const again = () =>
    setTimeout(async () => {
      if (isSomebodyThere()) await look(url);
      again();
    }, EVERY_MS);
  again();
}

function isSomebodyThere() {
  const isThere = Date.now() - lastSeen < NOBODY_THERE_MS;
  if (!isThere) tell('Pembaruan dijeda sampai Anda kembali.');
  return isThere && !document.hidden;
}

async function look(url) {
  try {
    const response = await fetch(url, {
      headers: etag === null ? {} : { 'If-None-Match': etag },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Logged out meanwhile: the login is shown.
    if (response.redirected) return location.reload();
    if (response.status !== 304) {
      if (!response.ok) throw new Error(`answered ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      etag = response.headers.get('ETag');
      if (!takeOver(page)) tell('Diperbarui otomatis.');
    } else tell('Diperbarui otomatis.', true);
  } catch {
    tell('Tidak tersambung. Mencoba lagi…');
  }
}

/** True when there was news to tell. */
function takeOver(page) {
  const news = [];
  for (const part of document.querySelectorAll('[data-refresh]')) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML) news.push(...replace(part, fresh));
  }
  warnWhenStale(page);
  if (news.length > 0) tell(`${news.join(', ')}.`);
  return news.length > 0;
}

function replace(part, fresh) {
  const known = new Set(keysIn(part));
  const isFirst = known.size === 0 && part.dataset.news === undefined;
  const isAtEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  const arrived = keysIn(fresh).filter((key) => !known.has(key));
  part.replaceChildren(...fresh.childNodes);
  for (const key of isFirst ? [] : arrived) {
    part.querySelector(`[data-key="${key}"]`).classList.add('is-new');
  }
  if (part.dataset.scroll === 'end' && isAtEnd) part.scrollTop = part.scrollHeight;
  if (focused !== null) {
    for (const link of part.querySelectorAll('a')) if (link.getAttribute('href') === focused) link.focus();
  }
  return arrived.length > 0 && part.dataset.news ? [`${arrived.length} ${part.dataset.news}`] : [];
}

const keysIn = (part) => [...part.querySelectorAll('[data-key]')].map((item) => item.dataset.key);

/** What is decided must be decided on what is there now. */
function warnWhenStale(page) {
  const shown = document.querySelector('[data-version]');
  const now = page.querySelector('[data-version]');
  const isStale = shown && now && shown.dataset.version !== now.dataset.version;
  if (isStale) document.getElementById('stale').hidden = false;
}

/** News stay until there are others: a screen reader, and a person, must have the time to take them in. */
function tell(text, isAside = false) {
  if (!live || (isAside && !live.hidden && !/Tidak tersambung|dijeda/.test(live.textContent))) return;
  live.hidden = false;
  if (live.textContent !== text) live.textContent = text;
}
