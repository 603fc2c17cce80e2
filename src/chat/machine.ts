/**
 * The conversation as a pure function: a state and an event give the next state and commands for chat.ts to run.
 * Commands answer with further events. From any state, each incoming message leads to exactly one `say` (or none,
 * while a person of ours has the word), and no wrong answer loses an earlier one.
 */
import { HOUR } from '../platform/clock';
import { chatHints, chatTexts, questions, type PackageFacts, type SummaryFacts } from '../messages/id/chat';
import { type Package } from '../registration/packages';
import { type Refusal } from '../registration/refusals';
import { isCommand, plainWords, readIntent, type CommandIntent, type Intent } from './intent';
import { findCode, type Input } from './parsers';
import { entryOf, neighbour, SCRIPT } from './script';
import { newChat, type Answers, type ChatState, type Question } from './state';

export interface RegistrationLine {
  registration_number: string;
  label: string;
  date: string;
}

export type ChatEvent =
  | { type: 'message'; input: Input }
  | { type: 'otpIssued' }
  | { type: 'otpJudged'; verification_id: number }
  | { type: 'emailChecked'; email: string; taken: boolean }
  | { type: 'saved'; full_name: string; registration_number: string; tracking_url: string }
  | { type: 'refused'; refusal: Refusal }
  | { type: 'statusFound'; registrations: readonly RegistrationLine[] }
  | { type: 'expired' };

export type Command =
  | { type: 'say'; text: string }
  | { type: 'askOtp'; full_name: string }
  | { type: 'checkOtp'; code: string }
  | { type: 'checkEmail'; email: string }
  | { type: 'submit'; verification_id: number; answers: Answers }
  | { type: 'findStatus' }
  | { type: 'callStaff' }
  | { type: 'begin' }
  | { type: 'end'; reason: 'cancelled' | 'expired' };

export interface Facts {
  /** Epoch milliseconds. */
  now: number;
  /** `YYYY-MM-DD` in TIME_ZONE. */
  today: string;
  brand: string;
  packages: readonly Package[];
  /** A wish for people: `Rabu, 25 November 2026 (pagi)`. */
  scheduleText: (schedule: NonNullable<Answers['schedule']>) => string;
}

export interface Step {
  state: ChatState;
  commands: Command[];
}

/** How long the bot leaves the word to a person of ours. */
const STAFF_HOURS = 12;

export function step(state: ChatState, event: ChatEvent, facts: Facts): Step {
  switch (event.type) {
    case 'message':
      return onMessage(state, event.input, facts);
    case 'otpIssued':
      return onOtpIssued(state, facts);
    case 'otpJudged':
      return advance({ ...state, verification_id: event.verification_id }, {}, facts, chatHints.verified);
    case 'emailChecked':
      return event.taken
        ? ask(state, facts, chatHints.emailTaken)
        : advance(state, { email: event.email }, facts);
    case 'saved':
      return say(atRest(state), chatTexts.done({ ...event, brand: facts.brand }));
    case 'refused':
      return onRefused(state, event.refusal, facts);
    case 'statusFound':
      return sayOrAsk(state, facts, statusText(event.registrations));
    case 'expired':
      return {
        state: { ...atRest(state), silent_until: state.silent_until, lapsed: true },
        commands: [{ type: 'end', reason: 'expired' }],
      };
  }
}

function onMessage(state: ChatState, input: Input, facts: Facts): Step {
  const intent = input.kind === 'text' ? readIntent(input.text) : null;
  if (state.silent_until !== null && facts.now < state.silent_until) {
    if (intent !== 'start' && intent !== 'help') return { state, commands: [] };
  }
  const awake = { ...state, silent_until: null };
  if (isCommand(intent)) return onCommand(awake, intent, facts);
  return awake.step === 'idle'
    ? onSmallTalk(awake, input, intent, facts)
    : onAnswer(awake, awake.step, input, facts);
}

function onCommand(state: ChatState, intent: CommandIntent, facts: Facts): Step {
  const isIdle = state.step === 'idle';
  switch (intent) {
    case 'start':
      return state.step === 'idle'
        ? begin(state, facts)
        : ask(state, facts, chatHints.whereYouAre(state.step));
    case 'cancel':
      if (isIdle) return say({ ...state, lapsed: false }, chatTexts.nothingToCancel);
      return withCommand(say(atRest(state), chatTexts.cancelled), { type: 'end', reason: 'cancelled' });
    case 'back':
      return isIdle ? say(state, chatTexts.shortGreeting) : goBack(state, facts);
    case 'resend':
      return isIdle ? say(state, chatTexts.shortGreeting) : resend(state, facts);
    case 'status':
      return { state, commands: [{ type: 'findStatus' }] };
    case 'staff': {
      const silent_until = facts.now + STAFF_HOURS * HOUR;
      return withCommand(say({ ...state, silent_until }, chatTexts.handedOver), { type: 'callStaff' });
    }
    case 'help':
      return sayOrAsk(state, facts, chatTexts.help);
  }
}

/** No form in hand: greet, long once a day. After one that ran out of time, start over. */
function onSmallTalk(state: ChatState, input: Input, intent: Intent | null, facts: Facts): Step {
  if (state.lapsed) return begin(state, facts);
  if (intent === 'thanks') return say(state, chatTexts.thanks);
  if (input.kind === 'media') return say(state, chatTexts.textOnly);
  if (state.greeted_on === facts.today) return say(state, chatTexts.shortGreeting);
  const greeting = `${chatTexts.greeting(facts.brand)}\n\n${chatTexts.invitation}`;
  return say({ ...state, greeted_on: facts.today }, greeting);
}

function begin(state: ChatState, facts: Facts): Step {
  const isFirstToday = state.greeted_on !== facts.today;
  const opening = isFirstToday ? chatTexts.greeting(facts.brand) : chatTexts.begin;
  const started: ChatState = { ...newChat, step: 'name', greeted_on: facts.today };
  return withCommand(ask(started, facts, state.lapsed ? chatHints.startedOver : opening), { type: 'begin' });
}

function onAnswer(state: ChatState, question: Question, input: Input, facts: Facts): Step {
  if (question === 'otp') return onCode(state, input, facts);
  if (question === 'confirm') return onConfirm(state, input, facts);
  const parsed = entryOf(question).parse!(input, facts);
  if (!parsed.ok) return ask(state, facts, parsed.hint);
  if (question === 'email')
    return { state, commands: [{ type: 'checkEmail', email: parsed.answers.email! }] };
  if (question === 'name' && state.verification_id === null) {
    const full_name = parsed.answers.full_name!;
    const named = { ...state, answers: { ...state.answers, full_name } };
    return { state: named, commands: [{ type: 'askOtp', full_name }] };
  }
  return advance(state, parsed.answers, facts);
}

function onCode(state: ChatState, input: Input, facts: Facts): Step {
  if (input.kind !== 'text') return ask(state, facts, chatHints.textOnly);
  const code = findCode(input.text);
  return code ? { state, commands: [{ type: 'checkOtp', code }] } : ask(state, facts, chatHints.codeUnclear);
}

function onConfirm(state: ChatState, input: Input, facts: Facts): Step {
  if (input.kind !== 'text') return ask(state, facts, chatHints.textOnly);
  if (readIntent(input.text) === 'yes' && state.verification_id !== null) {
    const { verification_id, answers } = state;
    return { state, commands: [{ type: 'submit', verification_id, answers }] };
  }
  const words = plainWords(input.text);
  const chosen = SCRIPT.find(({ number }) => number !== undefined && String(number) === words);
  if (!chosen) return ask(state, facts, chatHints.confirmUnclear);
  return ask({ ...state, step: chosen.question, editing: true }, facts);
}

function onOtpIssued(state: ChatState, facts: Facts): Step {
  const isFirst = state.step === 'name';
  const told = isFirst ? chatHints.nameSaved(state.answers.full_name ?? '') : chatHints.codeResent;
  return ask({ ...state, step: 'otp' }, facts, told);
}

/** Something in the flow said no: at the code, or at the very end. */
function onRefused(state: ChatState, refusal: Refusal, facts: Facts): Step {
  const wait = refusal.retry_after ?? 60;
  const atCode = (hint: string) => ask({ ...state, step: 'otp', verification_id: null }, facts, hint);
  const atAnswer = (question: Question, hint: string) =>
    ask({ ...state, step: question, editing: question !== 'confirm' }, facts, hint);
  switch (refusal.code) {
    case 'OTP_INVALID':
      return atCode(chatHints.codeWrong(refusal.attempts_left ?? 0));
    case 'OTP_LOCKED':
      return atCode(chatHints.codeLocked(wait));
    case 'OTP_EXPIRED':
      return atCode(chatHints.codeExpired);
    case 'OTP_NOT_FOUND':
    case 'NOT_VERIFIED':
      return atCode(refusal.message ?? chatHints.codeGone);
    case 'OTP_COOLDOWN':
      return atCode(chatHints.codeCooldown(wait));
    case 'OTP_LIMIT':
      return atCode(chatHints.codeLimit(wait));
    case 'WHATSAPP_UNAVAILABLE':
    case 'PHONE_UNREACHABLE':
    case 'INVALID_PHONE':
    case 'TOO_MANY_REQUESTS':
      return atCode(chatHints.codeUnavailable);
    case 'ALREADY_REGISTERED':
      return atAnswer('email', chatHints.emailTaken);
    case 'PACKAGE_NOT_AVAILABLE':
      return atAnswer('package', chatHints.packageGone);
    case 'VALIDATION_ERROR': {
      const [error] = refusal.errors ?? [];
      const entry = SCRIPT.find(({ fields }) => error && fields.includes(error.field));
      if (!entry || !error) return ask(state, facts, chatTexts.submitFailed);
      return atAnswer(entry.question, chatHints.answerRefused(error.message));
    }
    case 'NOT_FOUND':
      return ask(state, facts, chatTexts.submitFailed);
  }
}

/** Keeps the answer and goes on: to the next question, or back to the summary it was changed from. */
function advance(state: ChatState, answers: Answers, facts: Facts, told?: string): Step {
  const next = state.editing ? 'confirm' : (neighbour(state, 1) ?? 'confirm');
  return ask(
    { ...state, answers: { ...state.answers, ...answers }, step: next, editing: false },
    facts,
    told,
  );
}

function goBack(state: ChatState, facts: Facts): Step {
  if (state.editing) return ask({ ...state, step: 'confirm', editing: false }, facts);
  const previous = neighbour(state, -1);
  return previous ? ask({ ...state, step: previous }, facts) : ask(state, facts, chatHints.alreadyFirst);
}

function resend(state: ChatState, facts: Facts): Step {
  if (state.verification_id !== null) return ask(state, facts, chatHints.alreadyVerified);
  if (state.step !== 'otp') return ask(state, facts, chatHints.codeComesAfterName);
  return { state, commands: [{ type: 'askOtp', full_name: state.answers.full_name ?? '' }] };
}

/** The form is done or given up: only what concerns the conversation itself stays. */
const atRest = ({ greeted_on }: ChatState): ChatState => ({ ...newChat, greeted_on });

const say = (state: ChatState, text: string): Step => ({ state, commands: [{ type: 'say', text }] });

const withCommand = ({ state, commands }: Step, command: Command): Step => ({
  state,
  commands: [command, ...commands],
});

/** Asks the state's question, after a line of what has to be said first. */
function ask(state: ChatState, facts: Facts, told?: string): Step {
  // Most questions show neither, and the packages are a query away.
  const question = questions[state.step as Question]({
    get packages() {
      return facts.packages;
    },
    get summary() {
      return summaryOf(state, facts);
    },
  });
  return say(state, told ? `${told}\n\n${question}` : question);
}

function sayOrAsk(state: ChatState, facts: Facts, text: string): Step {
  return state.step === 'idle' ? say(state, text) : ask(state, facts, text);
}

function statusText(registrations: readonly RegistrationLine[]): string {
  return registrations.length > 0 ? chatTexts.registrations(registrations) : chatTexts.noRegistrations;
}

function summaryOf({ answers }: ChatState, facts: Facts): SummaryFacts {
  const chosen: PackageFacts | undefined = facts.packages.find(({ id }) => id === answers.package_id);
  return {
    full_name: answers.full_name ?? '',
    email: answers.email ?? '',
    address: answers.address ?? '',
    city: answers.city ?? '',
    location: answers.location ?? null,
    package: chosen,
    schedule: answers.schedule ? facts.scheduleText(answers.schedule) : null,
  };
}
