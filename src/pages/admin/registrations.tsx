/** Routes of the list, of one registration, and of decisions on it. */
import type Router from '@koa/router';
import { type Context } from 'koa';
import { readConversation } from '../../chat/conversation';
import { sendRefusal } from '../../http/envelope';
import { sessionOf } from '../../http/middleware/admin';
import { formBody, SMALL_BODY } from '../../http/middleware/body';
import { idOf, idOnly } from '../../http/routes/admin-registrations';
import { refusalText } from '../../messages/id/refusals';
import { refuse, type AdminRefusal } from '../../registration/refusals';
import { parseDecision } from '../../registration/review-decide';
import { RegistrationPage } from './registration';
import { type Asked, type Attempt } from './registration-view';
import { ListPage } from './list';
import { LIST, listInput } from './list-url';
import { seeOther, sendPage } from './render';
import { type Site, typedIn } from './site';

/** Of a conversation; older ones are of no use to a decision. */
const BUBBLES = 100;

export function registrationRoutes(router: Router, site: Site): void {
  const { services, authorised, calendar, frame } = site;
  const { review, reads } = services;
  const page = `${LIST}/:id`;

  router.get('/admin', authorised, (ctx) => seeOther(ctx, LIST));

  router.get(LIST, authorised, async (ctx) => {
    const asked = review.parseQuery(ctx.query);
    const [counts, found] = await Promise.all([
      review.statistics.registrations(),
      asked.ok ? review.list(asked.query) : null,
    ]);
    const errors = asked.ok ? [] : (asked.errors ?? []);
    const view = { calendar, counts, found, errors, frame: frame(ctx, 'registrations') };
    sendPage(ctx, <ListPage {...view} input={listInput(ctx.query)} />, asked.ok ? 200 : 400);
  });

  /** The page of one registration, with what a form on it has led to. */
  function show(ctx: Context & { params: Record<string, string> }, asked: Asked = {}, status = 200) {
    const found = review.read(Number(ctx.params['id']));
    if (!found) return sendRefusal(ctx, refuse('NOT_FOUND'));
    const bubbles = readConversation(reads, found.registration.phone, BUBBLES);
    const view = { calendar, found, bubbles, asked, today: review.today() };
    sendPage(ctx, <RegistrationPage {...view} frame={frame(ctx, 'registrations')} />, status);
  }

  router.get(page, idOnly, authorised, (ctx) => show(ctx));

  router.post(`${page}/id-card-number`, idOnly, formBody(SMALL_BODY), authorised, async (ctx) => {
    const opened = await review.idCard.number(idOf(ctx), sessionOf(ctx).admin.id);
    if (!opened.ok) return sendRefusal(ctx, opened);
    show(ctx, { id_card_number: opened.id_card_number });
  });

  /** The picture itself comes from the API, which logs the look. */
  router.post(`${page}/id-card-photo`, idOnly, formBody(SMALL_BODY), authorised, (ctx) =>
    show(ctx, { showsPhoto: true }),
  );

  router.post(`${page}/decision`, idOnly, formBody(SMALL_BODY), authorised, async (ctx) => {
    const typed = typedIn(ctx);
    const attempt = (refusal: AdminRefusal): Attempt => ({
      status: typed['status'] ?? '',
      typed,
      version: Number(typed['version']),
      code: refusal.code,
      message: refusalText(refusal),
      errors: refusal.errors ?? [],
    });
    const given = parseDecision(typed);
    if (!given.ok) return show(ctx, { attempt: attempt(given) }, 400);
    const admin_id = sessionOf(ctx).admin.id;
    const decided = await review.decide(idOf(ctx), admin_id, given.decision);
    const done = `${LIST}/${idOf(ctx)}?done=decided`;
    if (decided.ok || isOwnRepeat(decided, idOf(ctx), admin_id, given.decision)) return seeOther(ctx, done);
    if (decided.code === 'NOT_FOUND') return sendRefusal(ctx, decided);
    show(ctx, { attempt: attempt(decided) }, decided.code === 'VALIDATION_ERROR' ? 400 : 409);
  });

  /** The second click of a double click: what it asks for has just been done, by the same admin. */
  function isOwnRepeat(
    { code }: AdminRefusal,
    id: number,
    admin_id: number,
    { status, version }: { status: string; version?: number },
  ): boolean {
    if (code !== 'CONFLICT' || version === undefined) return false;
    const { registration, events } = review.read(id)!;
    const last = events.findLast(({ details }) => details['version'] === version + 1);
    return (
      registration.version === version + 1 &&
      registration.status === status &&
      last?.actor === `admin:${admin_id}`
    );
  }
}
