/** The packages on offer. */
import type Router from '@koa/router';
import { z } from 'zod';
import { webTexts } from '../../messages/id/web';
import { countPackages, listPackages } from '../../registration/packages';
import { sendSuccess } from '../envelope';
import { type Services } from '../services';

const paging = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  limit: z.coerce.number().int().min(1).max(100).catch(100),
});

export function packageRoutes(router: Router, { reads }: Services): void {
  router.get('/api/packages', (ctx) => {
    const { page, limit } = paging.parse(ctx.query);
    const total = countPackages(reads);
    const data = listPackages(reads, limit, (page - 1) * limit).map((one) => ({ ...one, is_active: true }));
    const pagination = { page, limit, total, pages: Math.ceil(total / limit) };
    sendSuccess(ctx, data, { message: webTexts.packages, more: { pagination } });
  });
}
