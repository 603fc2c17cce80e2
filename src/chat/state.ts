/** What the chat remembers of one customer, as JSON in one row. A state of another version starts over. */
export const QUESTIONS = [
  'name',
  'otp',
  'email',
  'address',
  'city',
  'location',
  'package',
  'schedule',
  'confirm',
] as const;

export type Question = (typeof QUESTIONS)[number];

export type TimeSlot = 'morning' | 'afternoon' | 'evening';

export interface Answers {
  full_name?: string;
  email?: string;
  address?: string;
  city?: string;
  /** null: skipped. */
  location?: { latitude: number; longitude: number } | null;
  package_id?: number;
  /** null: skipped. */
  schedule?: { date: string; slot: TimeSlot | null } | null;
}

/** Another `version` for every change of shape that an older row would not satisfy. */
const VERSION = 1;

export interface ChatState {
  version: typeof VERSION;
  step: 'idle' | Question;
  answers: Answers;
  /** Proof that the number is its customer's; null until the code was right. */
  verification_id: number | null;
  /** One answer is being changed from the summary, which comes next. */
  editing: boolean;
  /** The day (`YYYY-MM-DD`) of the last long greeting. */
  greeted_on: string | null;
  /** A person of ours has the word until then (epoch ms): the bot keeps silent. */
  silent_until: number | null;
  /** The last form ran out of time, and the customer has not been told yet. */
  lapsed: boolean;
}

export const newChat: ChatState = {
  version: VERSION,
  step: 'idle',
  answers: {},
  verification_id: null,
  editing: false,
  greeted_on: null,
  silent_until: null,
  lapsed: false,
};

/** Reads a stored state, which only this service writes; what this version does not know starts over. */
export function readState(json: string): ChatState {
  try {
    const state = JSON.parse(json) as Partial<ChatState> | null;
    return isKnown(state) ? state : newChat;
  } catch {
    return newChat;
  }
}

const STEPS: readonly unknown[] = ['idle', ...QUESTIONS];

const isKnown = (state: Partial<ChatState> | null): state is ChatState =>
  state?.version === VERSION && STEPS.includes(state.step) && state.answers !== undefined;
