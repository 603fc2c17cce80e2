/** Registrations for admins: list, export, figures, one with its log, decisions, and what is sealed. */
import type Router from '@koa/router';
import { type RouterContext, type RouterMiddleware } from '@koa/router';
import { Readable } from 'node:stream';
import { adminTexts } from '../../messages/id/admin';
import { statusLabels } from '../../messages/id/web';
import { refuse } from '../../registration/refusals';
import { parseDecision } from '../../registration/review-decide';
import { type ListedRegistration } from '../../registration/review-list';
import { type ReviewedRegistration } from '../../registration/review-read';
import { isoTime, sendRefusal, sendSuccess } from '../envelope';
import { sessionOf, signedIn } from '../middleware/admin';
import { jsonBody, SMALL_BODY } from '../middleware/body';
import { type Services } from '../services';
import { whatsappState } from './health';

const BASE = '/api/registrations';
const DAYS_OF_CODES = 7;

export function adminRegistrationRoutes(router: Router, services: Services): void {
  const { review } = services;
  const authorised = signedIn(services);

  router.get(BASE, authorised, async (ctx) => {
    const asked = review.parseQuery(ctx.query);
    if (!asked.ok) return sendRefusal(ctx, asked);
    const { registrations, pagination } = await review.list(asked.query);
    sendSuccess(ctx, { registrations: registrations.map(shownInList), pagination });
  });

  router.get(`${BASE}/stats`, authorised, async (ctx) => {
    sendSuccess(ctx, await review.statistics.registrations());
  });

  router.get('/api/stats/codes', authorised, async (ctx) => {
    sendSuccess(ctx, {
      whatsapp: whatsappState(services),
      days: await review.statistics.codes(DAYS_OF_CODES),
    });
  });

  router.get(`${BASE}/export.csv`, authorised, (ctx) => {
    const asked = review.parseQuery(ctx.query);
    if (!asked.ok) return sendRefusal(ctx, asked);
    ctx.type = 'text/csv; charset=utf-8';
    ctx.set('Content-Disposition', `attachment; filename="registrations-${review.today()}.csv"`);
    ctx.body = Readable.from(review.exportCsv(asked.query), { objectMode: false });
  });

  router.get(`${BASE}/:id`, idOnly, authorised, (ctx) => {
    const found = review.read(idOf(ctx));
    if (!found) return sendRefusal(ctx, refuse('NOT_FOUND'));
    sendSuccess(ctx, shown(found));
  });

  router.put(`${BASE}/:id/status`, idOnly, authorised, jsonBody(SMALL_BODY), async (ctx) => {
    const given = parseDecision(ctx.request.body);
    if (!given.ok) return sendRefusal(ctx, given);
    const id = idOf(ctx);
    const decided = await review.decide(id, sessionOf(ctx).admin.id, given.decision);
    if (!decided.ok) return sendRefusal(ctx, decided);
    const { registration } = shown(review.read(id)!);
    sendSuccess(ctx, { registration }, { message: adminTexts.decided });
  });

  router.get(`${BASE}/:id/id-card-number`, idOnly, authorised, async (ctx) => {
    const opened = await review.idCard.number(idOf(ctx), sessionOf(ctx).admin.id);
    if (!opened.ok) return sendRefusal(ctx, opened);
    sendSuccess(ctx, { id_card_number: opened.id_card_number });
  });

  router.get(`${BASE}/:id/id-card-photo`, idOnly, authorised, async (ctx) => {
    const opened = await review.idCard.photo(idOf(ctx), sessionOf(ctx).admin.id);
    if (!opened.ok) return sendRefusal(ctx, opened);
    ctx.type = opened.mime;
    ctx.set('Content-Disposition', 'inline');
    ctx.body = opened.data;
  });
}

export const idOf = (ctx: RouterContext): number => Number(ctx.params['id']);

/** Ids are numbers; whatever else stands there is another route's, or none's. */
export const idOnly: RouterMiddleware = (ctx, next) =>
  /^[0-9]{1,15}$/.test(ctx.params['id'] ?? '') ? next() : sendRefusal(ctx, refuse('NOT_FOUND'));

function shownInList({ created_at, updated_at, ...row }: ListedRegistration) {
  const status_label = statusLabels[row.status as keyof typeof statusLabels];
  return { ...row, status_label, created_at: isoTime(created_at), updated_at: isoTime(updated_at) };
}

function shown({ registration, events, messages }: ReviewedRegistration) {
  const { created_at, updated_at, consent_at, ...row } = registration;
  return {
    registration: {
      ...row,
      status_label: statusLabels[row.status as keyof typeof statusLabels],
      consent_at: isoTime(consent_at),
      created_at: isoTime(created_at),
      updated_at: isoTime(updated_at),
    },
    events: events.map((entry) => ({ ...entry, at: isoTime(entry.at) })),
    messages: messages.map(({ created_at: at, updated_at: changed_at, history, ...message }) => ({
      ...message,
      at: isoTime(at),
      updated_at: isoTime(changed_at),
      history: history.map((change) => ({ ...change, at: isoTime(change.at) })),
    })),
  };
}
