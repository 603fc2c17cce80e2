/**
 * The chat's questions as a customer meets them, and a way to any of them. Each message comes ten seconds after the
 * one before, as people type; so the loop guard has nothing to say.
 */
import { QUESTIONS, readState, type Question } from '../../src/chat/state';
import { rows, type Daftar } from './daftar';

export { QUESTIONS, type Question };

/** The keyword that stands in each question. */
export const KEYWORDS: Record<Question, string> = {
  name: 'nama lengkap',
  otp: 'kode OTP',
  email: 'email',
  address: 'alamat',
  city: 'kota',
  location: 'lokasi',
  package: 'paket',
  schedule: 'jadwal',
  confirm: 'ringkasan',
};

/** The keyword as questions set it: bold, so that no other word of ours can be taken for it. */
export const asks = (question: Question) => `*${KEYWORDS[question]}*`;

export const TYPING_MS = 10_000;

export type Chat = ReturnType<Daftar['chatWith']>;
export type Answers = Partial<Record<Exclude<Question, 'otp' | 'confirm'>, string>>;

/** An ordinary customer's answer to each question. */
export function ordinaryAnswer(question: Question, chat: Chat): string {
  const answers: Record<Question, () => string> = {
    name: () => 'Budi Santoso',
    otp: () => chat.lastCode(),
    email: () => `budi.${chat.phone}@contoh.id`,
    address: () => 'Jl. Mawar No. 12 RT 01/02',
    city: () => 'Bandung',
    location: () => 'LEWATI',
    package: () => '2',
    schedule: () => 'LEWATI',
    confirm: () => 'YA',
  };
  return answers[question]();
}

/** Says a text ten seconds after the last; returns the one answer. */
export function says(daftar: Daftar, chat: Chat, text: string): Promise<string> {
  daftar.clock.advance(TYPING_MS);
  return chat.says(text);
}

/** Where the chat is: its question, or `idle`. */
export function stepOf(daftar: Daftar, phone: string): Question | 'idle' {
  const [row] = rows<{ state: string }>(daftar.service, 'SELECT state FROM chats WHERE phone = ?', phone);
  return row ? readState(row.state).step : 'idle';
}

/** A new customer who has answered everything up to this question. */
export async function chatAt(
  daftar: Daftar,
  question: Question,
  phone: string,
  answers: Answers = {},
): Promise<Chat> {
  const chat = daftar.chatWith(phone);
  await says(daftar, chat, 'DAFTAR');
  await goOnTo(daftar, chat, question, answers);
  return chat;
}

/** Answers question after question until this one is asked. */
export async function goOnTo(daftar: Daftar, chat: Chat, question: Question, answers: Answers = {}) {
  for (let at = stepOf(daftar, chat.phone); at !== question; at = stepOf(daftar, chat.phone)) {
    if (at === 'idle' || QUESTIONS.indexOf(at) > QUESTIONS.indexOf(question))
      throw new Error(`The chat does not lead to ${question} from ${at}`);
    await says(daftar, chat, (answers as Partial<Record<Question, string>>)[at] ?? ordinaryAnswer(at, chat));
    if (stepOf(daftar, chat.phone) === at) throw new Error(`The chat stays at ${at}`);
  }
}

/** From wherever the chat is to its end; returns the last message. */
export async function finish(daftar: Daftar, chat: Chat, answers: Answers = {}): Promise<string> {
  if (stepOf(daftar, chat.phone) === 'idle') await says(daftar, chat, 'DAFTAR');
  await goOnTo(daftar, chat, 'confirm', answers);
  return says(daftar, chat, 'YA');
}

/** New numbers for the customers of one test file: `phones('1')()` → 62812000010001, … */
export function phones(file: number): () => string {
  let last = file * 1_000;
  return () => `62812000${String(++last).padStart(5, '0')}`;
}

/** Every `table.column` that holds this text anywhere. */
export function placesOf(daftar: Daftar, typed: string): string[] {
  const tables = rows<{ name: string }>(
    daftar.service,
    `SELECT name FROM sqlite_master WHERE type = 'table'`,
  );
  return tables.flatMap(({ name }) => {
    const stored = rows<Record<string, unknown>>(daftar.service, `SELECT * FROM "${name}"`);
    const columns = stored.flatMap((row) => Object.keys(row).filter((column) => holds(row[column], typed)));
    return [...new Set(columns)].map((column) => `${name}.${column}`);
  });
}

const holds = (value: unknown, typed: string): boolean =>
  value instanceof Uint8Array
    ? Buffer.from(value).includes(typed)
    : (typeof value === 'string' || typeof value === 'number') && String(value).includes(typed);
