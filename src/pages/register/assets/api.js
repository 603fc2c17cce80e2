/** Calls the public endpoints. Every answer comes back as `{ok, status, body, wait}`, also when there is none. */
const BASE = '/api/registrations/public';

const OFFLINE = {
  ok: false,
  status: 0,
  body: { code: 'OFFLINE', message: 'Tidak dapat terhubung. Periksa internet Anda, lalu coba lagi.' },
  wait: 5,
};
const UNREADABLE = {
  code: 'UNREADABLE',
  message: 'Layanan sedang terganggu. Silakan coba lagi sebentar lagi.',
};

export const requestCode = (fields) => post('/request-otp', fields);
export const checkCode = (fields) => post('/verify-otp', fields);
export const offerText = (fields) => post('/verifications', fields);

export async function readVerification(id) {
  try {
    return await answerOf(await fetch(`${BASE}/verifications/${encodeURIComponent(id)}`));
  } catch {
    return OFFLINE;
  }
}

async function post(path, fields) {
  try {
    const headers = { 'Content-Type': 'application/json' };
    return await answerOf(
      await fetch(BASE + path, { method: 'POST', headers, body: JSON.stringify(fields) }),
    );
  } catch {
    return OFFLINE;
  }
}

async function answerOf(response) {
  return toAnswer(response.status, await response.text(), response.headers.get('Retry-After'));
}

function toAnswer(status, text, retryAfter) {
  const wait = Number(retryAfter ?? 0);
  try {
    return { ok: status < 400, status, body: JSON.parse(text), wait };
  } catch {
    return { ok: false, status, body: UNREADABLE, wait };
  }
}

/** The form with its photo; fetch cannot tell how far an upload is. `onProgress` gets 0 to 1. */
export function register(form, onProgress) {
  return new Promise((resolve) => {
    const call = new XMLHttpRequest();
    call.open('POST', BASE);
    call.setRequestHeader('Content-Type', 'application/json');
    call.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    call.onload = () =>
      resolve(toAnswer(call.status, call.responseText, call.getResponseHeader('Retry-After')));
    call.onerror = () => resolve(OFFLINE);
    call.ontimeout = () => resolve(OFFLINE);
    call.send(JSON.stringify(form));
  });
}
