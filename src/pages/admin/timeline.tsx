/** What has happened to a registration, the oldest first: its log, and what was sent for it. */
import { channelLabels, messageKinds } from '../../messages/id/admin-pages';
import { type LogEntry, type ReviewedRegistration, type SentMessage } from '../../registration/review-read';
import { type Calendar } from '../../platform/calendar';
import { eventLabel, MessageFate, Moment } from './parts';

type Item = { at: number } & ({ entry: LogEntry } | { message: SentMessage });

export function Timeline({ found, calendar }: { found: ReviewedRegistration; calendar: Calendar }) {
  const items: Item[] = [
    ...found.events.map((entry) => ({ at: entry.at, entry })),
    ...found.messages.map((message) => ({ at: message.created_at, message })),
  ].sort((a, b) => a.at - b.at);
  return (
    <section class="panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Riwayat</h2>
      <ol class="timeline" id="timeline" data-refresh>
        {items.map((item, index) =>
          'entry' in item ? (
            <Entry key={index} entry={item.entry} calendar={calendar} />
          ) : (
            <Sent key={index} message={item.message} calendar={calendar} />
          ),
        )}
      </ol>
    </section>
  );
}

function Entry({ entry, calendar }: { entry: LogEntry; calendar: Calendar }) {
  const { type, at, details } = entry;
  const { notes, survey_scheduled_date: date, channel } = details;
  return (
    <li class={`on-${type}`}>
      <p>
        <strong>{eventLabel(type)}</strong>
        {typeof date === 'string' && ` untuk ${calendar.longDate(date)}`}
        {typeof channel === 'string' &&
          ` lewat ${(channelLabels as Record<string, string>)[channel] ?? channel}`}
      </p>
      {typeof notes === 'string' && <p class="note">{notes}</p>}
      <p class="muted">
        <Moment at={at} calendar={calendar} /> · {actorOf(entry)}
      </p>
    </li>
  );
}

function actorOf({ actor, actor_name }: LogEntry): string {
  if (actor === 'customer') return 'pelanggan';
  return actor === 'system' ? 'sistem' : (actor_name ?? actor);
}

/** The words themselves stand in the conversation. */
const Sent = ({ message, calendar }: { message: SentMessage; calendar: Calendar }) => (
  <li class="on-message">
    <p>
      {messageKinds[message.kind]} lewat WhatsApp{' '}
      <MessageFate state={message.state} reason={message.reason} />
    </p>
    <p class="muted">
      <Moment at={message.created_at} calendar={calendar} /> · sistem
    </p>
  </li>
);
