// Talks to the simulator's back end, same origin only. Every failure becomes one ApiError whose
// message can be shown as it is; `refused` tells "the server said no" from "nobody answered".

const TIMEOUT_MS = 15_000;

export class ApiError extends Error {
  constructor(message, refused) {
    super(message);
    this.refused = refused;
  }
}

/** The chat of `phone` (62…) as `data` of the answer: { phone, brand_name, chat, messages, … }. */
export function readChat(phone) {
  return call(phone, '', { method: 'GET' });
}

/** Sends `body` ({kind:'text',text} | {kind:'location',latitude,longitude} | {kind:'media'}); answers like readChat. */
export function sendMessage(phone, body) {
  return call(phone, '/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function call(phone, path, options) {
  const abort = new window.AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const url = `/simulator/api/chats/${encodeURIComponent(phone)}${path}`;
    const response = await fetch(url, { ...options, signal: abort.signal, cache: 'no-store' });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer?.success && answer.data) return answer.data;
    const refused = response.status >= 400 && response.status < 500;
    throw new ApiError(answer?.message || `Server menjawab ${response.status}.`, refused);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('Server tidak dapat dihubungi.', false);
  } finally {
    clearTimeout(timer);
  }
}
