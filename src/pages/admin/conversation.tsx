/** What the customer and we said to each other, as chat bubbles. */
import { type Bubble } from '../../chat/conversation';
import { type Calendar } from '../../platform/calendar';
import { Bold, MessageFate, Moment } from './parts';

export function Conversation(props: { bubbles: readonly Bubble[]; phone: string; calendar: Calendar }) {
  const { bubbles, phone, calendar } = props;
  return (
    <section class="panel" aria-labelledby="conversation-title">
      <div class="heading">
        <h2 id="conversation-title">Percakapan</h2>
        <a
          class="button outline small"
          href={`https://wa.me/${phone}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          Balas
        </a>
      </div>
      <div
        class="conversation"
        id="conversation"
        role="region"
        aria-label="Percakapan dengan pelanggan"
        tabIndex={0}
        data-refresh
        data-news="pesan baru"
        data-scroll="end"
      >
        {bubbles.length === 0 && <p class="muted">Belum ada pesan.</p>}
        {bubbles.map((bubble) => (
          <div class={`bubble from-${bubble.from}`} key={bubble.id} data-key={bubble.id}>
            <span class="unseen">{bubble.from === 'us' ? 'Kami:' : 'Pelanggan:'}</span>
            <Content bubble={bubble} />
            <p class="meta">
              <Moment at={bubble.at} calendar={calendar} />
              {bubble.state && <MessageFate state={bubble.state} reason={bubble.reason} />}
            </p>
          </div>
        ))}
      </div>
    </section>
  );
}

function Content({ bubble: { kind, text, from } }: { bubble: Bubble }) {
  if (kind === 'code') return <p class="hidden-text">Kode OTP (disembunyikan)</p>;
  if (kind === 'media') return <p class="hidden-text">Foto, suara, atau berkas</p>;
  if (text === null) return <p class="hidden-text">Pesan ini sudah dihapus</p>;
  if (kind === 'location') return <p>📍 {text}</p>;
  return <p class="text">{from === 'us' ? <Bold text={text} /> : text}</p>;
}
