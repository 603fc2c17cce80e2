/** Packages for admins: all of them, added, changed, switched off. */
import type Router from '@koa/router';
import { adminTexts } from '../../messages/id/admin';
import { webTexts } from '../../messages/id/web';
import {
  addPackage,
  changePackage,
  listAllPackages,
  parseNewPackage,
  parsePackageChange,
} from '../../registration/package-admin';
import { type PackageRow } from '../../store/tables/packages';
import { isoTime, sendRefusal, sendSuccess } from '../envelope';
import { sessionOf, signedIn } from '../middleware/admin';
import { jsonBody, SMALL_BODY } from '../middleware/body';
import { type Services } from '../services';
import { idOf, idOnly } from './admin-registrations';

/** Apart from the public list, which other origins may be allowed to call. */
const BASE = '/api/admin/packages';

export function adminPackageRoutes(router: Router, services: Services): void {
  const { reads, unitOfWork, clock } = services;
  const authorised = signedIn(services);

  router.get(BASE, authorised, (ctx) => {
    sendSuccess(ctx, listAllPackages(reads).map(shown), { message: webTexts.packages });
  });

  router.post(BASE, authorised, jsonBody(SMALL_BODY), async (ctx) => {
    const given = parseNewPackage(ctx.request.body);
    if (!given.ok) return sendRefusal(ctx, given);
    const admin_id = sessionOf(ctx).admin.id;
    const saved = await unitOfWork.run((tx) => addPackage(tx, given.package, admin_id, clock.now()));
    if (!saved.ok) return sendRefusal(ctx, saved);
    sendSuccess(ctx, shown(saved.package), { status: 201, message: adminTexts.packageSaved });
  });

  router.put(`${BASE}/:id`, idOnly, authorised, jsonBody(SMALL_BODY), async (ctx) => {
    const given = parsePackageChange(ctx.request.body);
    if (!given.ok) return sendRefusal(ctx, given);
    const admin_id = sessionOf(ctx).admin.id;
    const saved = await unitOfWork.run((tx) =>
      changePackage(tx, idOf(ctx), given.change, admin_id, clock.now()),
    );
    if (!saved.ok) return sendRefusal(ctx, saved);
    sendSuccess(ctx, shown(saved.package), { message: adminTexts.packageSaved });
  });
}

const shown = ({ created_at, updated_at, ...row }: PackageRow) => ({
  ...row,
  is_active: row.is_active === 1,
  created_at: isoTime(created_at),
  updated_at: isoTime(updated_at),
});
