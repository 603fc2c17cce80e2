/** What the page of one registration is made from. */
import { type Bubble } from '../../chat/conversation';
import { type FieldError } from '../../registration/form';
import { type ReviewedRegistration } from '../../registration/review-read';
import { type Calendar } from '../../platform/calendar';
import { type Frame } from './site';

/** A decision as it was typed, and why it was not taken. */
export interface Attempt {
  status: string;
  typed: Record<string, string>;
  /** Of the registration as the admin saw it. */
  version: number;
  code: string;
  message: string;
  errors: readonly FieldError[];
}

/** What a form on the page has asked for. */
export interface Asked {
  /** The NIK in the clear. */
  id_card_number?: string;
  showsPhoto?: boolean;
  /** A decision that was refused. */
  attempt?: Attempt;
}

export interface RegistrationView {
  frame: Frame;
  calendar: Calendar;
  found: ReviewedRegistration;
  bubbles: readonly Bubble[];
  asked: Asked;
  /** `YYYY-MM-DD` in TIME_ZONE. */
  today: string;
}
