/** What went wrong: messages that were given up, messages that our code could not handle. Each can be tried again. */
import type Router from '@koa/router';
import { type Context } from 'koa';
import { type FailedInbound } from '../../chat/inbound-failures';
import { listUnsent, type UnsentMessage } from '../../delivery/unsent';
import { sessionOf } from '../../http/middleware/admin';
import { formBody, SMALL_BODY } from '../../http/middleware/body';
import { retryInbound, retryMessage } from '../../http/routes/admin-failures';
import { idOf, idOnly } from '../../http/routes/admin-registrations';
import { inboundKinds, messageKinds } from '../../messages/id/admin-pages';
import { type Calendar } from '../../platform/calendar';
import { CsrfField, Layout } from './layout';
import { Bold, localPhone, MessageFate, Moment } from './parts';
import { seeOther, sendPage } from './render';
import { type Frame, type Site } from './site';

const PATH = '/admin/failures';
const SHOWN = 100;

interface FailuresView {
  frame: Frame;
  calendar: Calendar;
  unsent: readonly UnsentMessage[];
  inbound: readonly FailedInbound[];
}

export function failureRoutes(router: Router, { services, authorised, calendar, frame }: Site): void {
  const { reads, inboundFailures } = services;
  const back = (ctx: Context, done: string) => seeOther(ctx, `${PATH}?done=${done}`);

  router.get(PATH, authorised, (ctx) => {
    const view = { calendar, unsent: listUnsent(reads, SHOWN), inbound: inboundFailures.list(SHOWN) };
    sendPage(ctx, <FailuresPage {...view} frame={frame(ctx, 'failures')} />);
  });

  router.post(`${PATH}/messages/:id/retry`, idOnly, formBody(SMALL_BODY), authorised, async (ctx) => {
    const isQueued = await retryMessage(services, idOf(ctx), sessionOf(ctx).admin.id);
    back(ctx, isQueued ? 'queued_again' : 'not_retryable');
  });

  router.post(`${PATH}/inbound/:id/retry`, idOnly, formBody(SMALL_BODY), authorised, async (ctx) => {
    const outcome = await retryInbound(services, idOf(ctx), sessionOf(ctx).admin.id);
    if (outcome === null) return back(ctx, 'not_retryable');
    back(ctx, outcome === 'failed' ? 'failed_again' : 'handled_again');
  });
}

function FailuresPage({ frame, calendar, unsent, inbound }: FailuresView) {
  return (
    <Layout frame={frame} title="Pesan gagal">
      <h1>Pesan gagal</h1>
      <section class="panel" aria-labelledby="unsent-title">
        <h2 id="unsent-title">Tidak terkirim</h2>
        <p class="muted">Pesan keluar yang ditolak gateway atau terlambat. Kode OTP tidak dikirim ulang.</p>
        {unsent.length === 0 && <p class="empty">Tidak ada. Semua pesan terkirim.</p>}
        <ul class="troubles">
          {unsent.map((one) => (
            <Unsent key={one.id} one={one} calendar={calendar} frame={frame} />
          ))}
        </ul>
      </section>
      <section class="panel" aria-labelledby="inbound-title">
        <h2 id="inbound-title">Tidak terbaca oleh sistem</h2>
        <p class="muted">Pesan masuk yang membuat program kami gagal. Perbaiki dulu sebabnya, lalu coba lagi.</p>
        {inbound.length === 0 && <p class="empty">Tidak ada. Semua pesan masuk terproses.</p>}
        <ul class="troubles">
          {inbound.map((one) => (
            <Unhandled key={one.id} one={one} calendar={calendar} frame={frame} />
          ))}
        </ul>
      </section>
    </Layout>
  );
}

function Unsent({ one, calendar, frame }: { one: UnsentMessage; calendar: Calendar; frame: Frame }) {
  const { id, phone, kind, text, state, reason, registration_id, updated_at, can_retry } = one;
  return (
    <li>
      <div>
        <p>
          <strong>{messageKinds[kind]}</strong> kepada {localPhone(phone)}{' '}
          <MessageFate state={state} reason={reason} />
        </p>
        {text !== null && (
          <p class="quoted">
            <Bold text={text} />
          </p>
        )}
        <p class="muted">
          <Moment at={updated_at} calendar={calendar} />
          {registration_id !== null && (
            <>
              {' · '}
              <a href={`/admin/registrations/${registration_id}`}>Buka pendaftaran</a>
            </>
          )}
        </p>
      </div>
      {can_retry && <Retry action={`${PATH}/messages/${id}/retry`} to={phone} frame={frame} />}
    </li>
  );
}

function Unhandled({ one, calendar, frame }: { one: FailedInbound; calendar: Calendar; frame: Frame }) {
  const { id, phone, kind, text, reason, received_at, can_retry } = one;
  return (
    <li>
      <div>
        <p>
          <strong>{inboundKinds[kind]}</strong> dari {phone === null ? 'nomor tidak dikenal' : localPhone(phone)}
        </p>
        {text !== null && <p class="quoted">{text}</p>}
        {reason !== null && <code>{reason}</code>}
        <p class="muted">
          <Moment at={received_at} calendar={calendar} />
          {!can_retry && ' · tidak dapat dicoba lagi: pelanggan sudah menulis lagi, atau teksnya disembunyikan'}
        </p>
      </div>
      {can_retry && <Retry action={`${PATH}/inbound/${id}/retry`} to={phone ?? ''} frame={frame} />}
    </li>
  );
}

const Retry = ({ action, to, frame }: { action: string; to: string; frame: Frame }) => (
  <form method="post" action={action}>
    <CsrfField frame={frame} />
    <button class="small outline">
      Coba lagi<span class="unseen"> {localPhone(to)}</span>
    </button>
  </form>
);
