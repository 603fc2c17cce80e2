// What admins ask of a large file while nobody else is there, and what the largest thing they can ask for, everything
// as CSV, costs the customers who chat meanwhile.
import Database from 'better-sqlite3';
import { Client } from 'undici';
import { ADMIN, MESSAGES, PACED, startDaftar } from '../support/daftar.mjs';
import { median, middle, short } from '../support/stats.mjs';

const REPEATS = 15;
const AIM_MS = '< 100 ms';
const LIST = '/api/registrations';
const PER_PAGE = 20;
/** Chat turns a second, far more than one number ever gets, while everything is exported. */
const CHATTING = 200;

/** A service with its first admin, who is made only once it listens. */
async function startWithAdmin(file, gatewayPort) {
  const program = await startDaftar(file, gatewayPort, PACED);
  const db = new Database(file, { readonly: true });
  const anyAdmin = db.prepare('SELECT 1 FROM admins');
  while (!anyAdmin.get()) await new Promise((resolve) => setTimeout(resolve, 20));
  db.close();
  return program;
}

/** One kept-alive connection, logged in through the API. */
async function logIn({ port }) {
  const client = new Client(`http://127.0.0.1:${port}`);
  const { body } = await client.request({
    method: 'POST',
    path: '/api/auth/login',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ADMIN),
  });
  const { token } = (await body.json()).data;
  const get = (path) =>
    client.request({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } });
  return { get, close: () => client.destroy() };
}

/** Each question, with what is looked for taken from the middle of the file. */
function questionsOf(file) {
  const db = new Database(file, { readonly: true });
  const count = db.prepare('SELECT MAX(id) AS n FROM registrations').get().n;
  const one = db
    .prepare('SELECT id, registration_number, phone, full_name FROM registrations WHERE id = ?')
    .get(Math.floor(count / 2));
  db.close();
  const search = (text) => `${LIST}?search=${encodeURIComponent(text)}`;
  return {
    'list, newest page': LIST,
    'list, by status and channel': `${LIST}?status=pending_verification&channel=web`,
    'list, last page but one': `${LIST}?page=${Math.ceil(count / PER_PAGE) - 1}`,
    'list, by name': `${LIST}?sort_by=full_name&sort_order=asc`,
    'search, part of one name': search(one.full_name.slice(4, 16)),
    'search, part of every name': search('ggan'),
    'search, part of every name, one status': `${search('ggan')}&status=rejected&sort_by=full_name`,
    'search, two letters': search(one.full_name.slice(10, 12)),
    'search, part of a phone': search(one.phone.slice(-7)),
    'search, a registration number': search(one.registration_number),
    'one registration with its log': `${LIST}/${one.id}`,
    figures: `${LIST}/stats`,
    'figures of codes': '/api/stats/codes',
    'page with the list': '/admin/registrations',
    'page with the figures': '/admin/dashboard',
    'page of one registration': `/admin/registrations/${one.id}`,
  };
}

async function timed(admin, path) {
  const began = performance.now();
  const { statusCode, body } = await admin.get(path);
  await body.dump();
  if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`);
  return performance.now() - began;
}

export async function admins(bench) {
  const program = await startWithAdmin(bench.files.big, 9);
  const admin = await logIn(program);
  const rows = [];
  for (const [name, path] of Object.entries(questionsOf(bench.files.big))) {
    const first = await timed(admin, path);
    const took = [];
    for (let n = 0; n < REPEATS; n += 1) took.push(await timed(admin, path));
    const note = `first ${short(first)}, worst ${short(Math.max(...took))}`;
    rows.push({ row: `ms, ${name}`, ours: median(took), aim: AIM_MS, note });
  }
  admin.close();
  await program.stop();
  return rows;
}

/** Begins the download of everything; `stop()` breaks it off and returns how many rows a second came. */
async function exportAll(program) {
  const admin = await logIn(program);
  const { body } = await admin.get(`${LIST}/export.csv`);
  const began = performance.now();
  const export_ = { isOver: false };
  let lines = 0;
  body.on('data', (chunk) => (lines += chunk.toString('latin1').split('\n').length - 1));
  body.on('end', () => (export_.isOver = true));
  body.on('error', () => undefined);
  export_.stop = () => {
    admin.close();
    return lines / ((performance.now() - began) / 1000);
  };
  return export_;
}

export async function exporting(bench) {
  const { port: gatewayPort } = await bench.otherSide.ask('gateway');
  const program = await startWithAdmin(bench.files.big, gatewayPort);
  const chat = () =>
    bench.otherSide.ask('steadyTurns', {
      port: program.port,
      path: MESSAGES,
      connections: 64,
      seconds: bench.seconds,
      rate: CHATTING,
      firstChat: bench.newChats(),
    });
  const [during, idle, speeds] = [[], [], []];
  for (let round = 0; round <= bench.rounds; round += 1) {
    idle.push(await chat());
    const export_ = await exportAll(program);
    during.push(await chat());
    if (export_.isOver) throw new Error('the export was over before the round: take more registrations');
    speeds.push(export_.stop());
  }
  await program.stop();
  const note = `${short(median(speeds))} rows/s`;
  return ['p50', 'p99'].map((share) => ({
    row: `${share} ms of ${CHATTING} turns/s, exporting against not`,
    ours: middle(during.slice(1), share),
    bare: middle(idle.slice(1), share),
    ...(share === 'p99' && { aim: '≤ 2', note }),
  }));
}
