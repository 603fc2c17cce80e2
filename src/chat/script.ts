/**
 * The conversation at a glance: the questions in the order they are asked, how each answer is read, and what
 * follows. A new question is one entry here, its text in messages/id/chat.ts, and its answer in state.ts.
 */
import {
  fieldParser,
  parseLocation,
  parsePackage,
  parseSchedule,
  type Input,
  type ParseFacts,
  type Parsed,
} from './parsers';
import { type ChatState, type Question } from './state';

export interface ScriptEntry {
  question: Question;
  /** Its number in the summary, if it can be changed from there. */
  number?: number;
  /** `otp` and `confirm` are judged by the flow, not read as answers. */
  parse?: (input: Input, facts: ParseFacts) => Parsed;
  /** The form fields this question fills: where to go when one is refused at the end. */
  fields: readonly string[];
}

export const SCRIPT: readonly ScriptEntry[] = [
  { question: 'name', number: 1, parse: fieldParser('full_name'), fields: ['full_name'] },
  { question: 'otp', fields: [] },
  { question: 'email', number: 2, parse: fieldParser('email'), fields: ['email'] },
  { question: 'address', number: 3, parse: fieldParser('address'), fields: ['address'] },
  { question: 'city', number: 4, parse: fieldParser('city'), fields: ['city'] },
  { question: 'location', number: 5, parse: parseLocation, fields: ['latitude', 'longitude'] },
  { question: 'package', number: 6, parse: parsePackage, fields: ['package_id'] },
  {
    question: 'schedule',
    number: 7,
    parse: parseSchedule,
    fields: ['preferred_installation_date', 'preferred_time_slot'],
  },
  { question: 'confirm', fields: [] },
];

export const entryOf = (question: Question): ScriptEntry =>
  SCRIPT.find((entry) => entry.question === question)!;

/** The question `by` places on, never stopping at the code of a number already verified. */
export function neighbour(state: ChatState, by: 1 | -1): Question | null {
  const index = SCRIPT.findIndex((entry) => entry.question === state.step);
  const next = SCRIPT[index + by]?.question ?? null;
  return next === 'otp' && state.verification_id !== null ? neighbour({ ...state, step: 'otp' }, by) : next;
}
