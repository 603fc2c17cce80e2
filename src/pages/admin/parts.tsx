/** Small parts that several pages show: badges, times, phones, form fields with their mistakes. */
import { type ComponentChildren } from 'preact';
import { channelLabels, eventLabels, messageStates } from '../../messages/id/admin-pages';
import { statusLabels } from '../../messages/id/web';
import { type EventType } from '../../registration/events';
import { type FieldError } from '../../registration/form';
import { type Channel } from '../../store/tables/otps';
import { type MessageState } from '../../store/tables/messages';
import { type Calendar } from '../../platform/calendar';

export const statusLabel = (status: string): string =>
  (statusLabels as Record<string, string>)[status] ?? status;

/** A kind of log entry without words here does not compile. */
const EVENTS: Record<EventType, string> = eventLabels;
export const eventLabel = (type: string): string => (EVENTS as Record<string, string>)[type] ?? type;

export const StatusBadge = ({ status }: { status: string }) => (
  <span class={`badge is-${status}`}>{statusLabel(status)}</span>
);

export const ChannelTag = ({ channel }: { channel: Channel }) => (
  <span class={`tag is-${channel}`}>{channelLabels[channel]}</span>
);

export const Moment = ({ at, calendar }: { at: number; calendar: Calendar }) => (
  <time dateTime={new Date(at).toISOString()}>{calendar.moment(at)}</time>
);

/** `6281200000001` as people write it: `0812-0000-0001`. */
export const localPhone = (phone: string): string => phone.replace(/^62(\d{3})(\d{4})(\d+)$/, '0$1-$2-$3');

export const rupiah = (amount: number): string => `Rp${amount.toLocaleString('id-ID')}`;
export const whole = (count: number): string => count.toLocaleString('id-ID');

export function MessageFate({ state, reason }: { state: MessageState; reason?: string | null }) {
  const { sign, label } = messageStates[state];
  return (
    <span class={`fate is-${state}`}>
      <span aria-hidden="true">{sign}</span> {label}
      {reason && (state === 'failed' || state === 'expired') ? `: ${reason}` : ''}
    </span>
  );
}

/** WhatsApp's bold in our own messages. */
export function Bold({ text }: { text: string }) {
  const parts = text.split(/\*([^*\n]+)\*/);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <strong key={index}>{part}</strong> : part))}</>;
}

/** A form's field with its label, a hint, and what is wrong with it. `id` must be the only one of its kind. */
export function Field(props: {
  id: string;
  name: string;
  label: string;
  errors?: readonly FieldError[];
  hint?: string;
  children: (attributes: {
    id: string;
    name: string;
    'aria-invalid'?: 'true';
    'aria-describedby'?: string;
  }) => ComponentChildren;
}) {
  const { id, name, label, hint, children } = props;
  const problem = props.errors?.find(({ field }) => field === name)?.message;
  const note = `${id}-note`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        name,
        'aria-invalid': problem === undefined ? undefined : 'true',
        'aria-describedby': (problem ?? hint) === undefined ? undefined : note,
      })}
      {(problem ?? hint) !== undefined && (
        <small id={note} class={problem === undefined ? 'hint' : 'problem'}>
          {problem ?? hint}
        </small>
      )}
    </div>
  );
}
