/**
 * Beside the machine: a number proves itself to a web form, by the text it was offered or the code it got, and by a
 * `YA` once the bot has said whose form that is. Wherever the chat is, also with a person of ours, it stays there.
 */
import { type Outbox } from '../delivery/outbox';
import { verificationTexts as texts } from '../messages/id/verification';
import { type Confirming, type VerificationTexts } from '../registration/verification-texts';
import { type ChatRow } from '../store/tables/chats';
import { type Tx } from '../store/unit-of-work';
import { type Input } from './parsers';
import { hear } from './verification';

export type Confirmation = ReturnType<typeof createConfirmation>;

export function createConfirmation(deps: {
  outbox: Outbox;
  verificationTexts: VerificationTexts;
  brandName: string;
}) {
  const { verificationTexts, brandName } = deps;

  /** Whether the message was for here, and is answered; else the chat takes it. The question outlives no message. */
  function takes(tx: Tx, row: ChatRow, input: Input): boolean {
    const asked = takeQuestion(row);
    const heard = hear(input, asked !== null);
    switch (heard.type) {
      case 'yes':
        return say(tx, row, confirm(tx, row, asked!));
      case 'sentText':
        return say(tx, row, onSentText(tx, row, heard.code));
      case 'digits':
        return onDigits(tx, row, heard.digits);
      case 'other':
        return false;
    }
  }

  function takeQuestion(row: ChatRow): Confirming | null {
    const { confirming_text_id, confirming_otp_id } = row;
    row.confirming_text_id = null;
    row.confirming_otp_id = null;
    if (confirming_text_id !== null) return { text_id: confirming_text_id };
    return confirming_otp_id === null ? null : { otp_id: confirming_otp_id };
  }

  const confirm = (tx: Tx, row: ChatRow, asked: Confirming): string =>
    verificationTexts.confirm(tx, row.phone, asked, row.id) ? texts.done : texts.unknown;

  function onSentText(tx: Tx, row: ChatRow, code: string | null): string {
    const bound = verificationTexts.bind(tx, row.phone, code);
    if (!bound.ok)
      return bound.code === 'TOO_MANY_REQUESTS' ? texts.tooMany(bound.retry_after ?? 60) : texts.unknown;
    row.confirming_text_id = bound.text.id;
    return texts.question(brandName, bound.text.full_name);
  }

  /** Digits that are no web form's code may be anything: an answer, the chat's own code. */
  function onDigits(tx: Tx, row: ChatRow, digits: string): boolean {
    const otp = verificationTexts.webCode(tx, row.phone, digits);
    if (!otp) return false;
    row.confirming_otp_id = otp.id;
    return say(tx, row, texts.question(brandName, otp.full_name));
  }

  function say(tx: Tx, { phone }: ChatRow, text: string): true {
    deps.outbox.enqueue(tx, { phone, kind: 'chat', text });
    return true;
  }

  return { takes };
}
