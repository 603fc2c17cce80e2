/** What every admins' page is made with: who is logged in, the brand, the calendar, and how a page gets its frame. */
import { type Context, type Middleware } from 'koa';
import { signedIn, sessionOf } from '../../http/middleware/admin';
import { type Services } from '../../http/services';
import { flashes } from '../../messages/id/admin-pages';
import { createCalendar, type Calendar } from '../../platform/calendar';

export type Section = 'registrations' | 'dashboard' | 'failures' | 'packages';

/** A sentence above the page: what has just happened. */
export interface Flash {
  text: string;
  isTrouble?: true;
}

export interface Frame {
  brand: string;
  username: string;
  csrf: string;
  section: Section;
  flash: Flash | null;
  openAlerts: number;
}

export interface Site {
  services: Services;
  calendar: Calendar;
  /** To the login without a session, 403 without the CSRF token: `toPages` makes pages of what it answers. */
  authorised: Middleware;
  frame: (ctx: Context, section: Section) => Frame;
}

export function createSite(services: Services): Site {
  const { config, delivery, reads } = services;
  return {
    services,
    calendar: createCalendar(config.timeZone),
    authorised: signedIn(services),
    frame(ctx, section) {
      const { admin, csrf_token } = sessionOf(ctx);
      return {
        brand: config.brandName,
        username: admin.username,
        csrf: csrf_token,
        section,
        flash: flashOf(ctx),
        openAlerts: delivery.alerts.open(reads).length,
      };
    },
  };
}

export function flashOf(ctx: Context): Flash | null {
  const { done } = ctx.query;
  return typeof done === 'string' && Object.hasOwn(flashes, done) ? flashes[done]! : null;
}

/** The fields of a form as they were typed, to be shown again. */
export function typedIn(ctx: Context): Record<string, string> {
  const entries = Object.entries((ctx.request.body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
