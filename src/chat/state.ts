/** What the chat remembers of one customer, as JSON in one row. A state of another version starts over. */
import { z } from 'zod';

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

const slot = z.enum(['morning', 'afternoon', 'evening']);

const answers = z.object({
  full_name: z.string().optional(),
  email: z.string().optional(),
  address: z.string().optional(),
  city: z.string().optional(),
  /** null: skipped. */
  location: z.object({ latitude: z.number(), longitude: z.number() }).nullable().optional(),
  package_id: z.number().optional(),
  /** null: skipped. */
  schedule: z.object({ date: z.string(), slot: slot.nullable() }).nullable().optional(),
});

const chatState = z.object({
  version: z.literal(1),
  step: z.enum(['idle', ...QUESTIONS]),
  answers,
  /** Proof that the number is its customer's; null until the code was right. */
  verification_id: z.number().nullable(),
  /** One answer is being changed from the summary, which comes next. */
  editing: z.boolean(),
  /** The day (`YYYY-MM-DD`) of the last long greeting. */
  greeted_on: z.string().nullable(),
  /** A person of ours has the word until then (epoch ms): the bot keeps silent. */
  silent_until: z.number().nullable(),
  /** The last form ran out of time, and the customer has not been told yet. */
  lapsed: z.boolean(),
});

export type Answers = z.infer<typeof answers>;
export type ChatState = z.infer<typeof chatState>;
export type TimeSlot = z.infer<typeof slot>;

export const newChat: ChatState = {
  version: 1,
  step: 'idle',
  answers: {},
  verification_id: null,
  editing: false,
  greeted_on: null,
  silent_until: null,
  lapsed: false,
};

/** Reads a stored state; what this version does not understand starts over. */
export function readState(json: string): ChatState {
  try {
    return chatState.parse(JSON.parse(json));
  } catch {
    return newChat;
  }
}
