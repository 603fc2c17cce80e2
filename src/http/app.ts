/** The Koa app: what surrounds every request, and the routes. */
import cors from '@koa/cors';
import Router from '@koa/router';
import Koa from 'koa';
import { type Config } from '../config';
import { warnOfUntrustedProxy } from './middleware/proxy-warning';
import { adminPages, toPages } from '../pages/admin';
import { registerPages } from '../pages/register/routes';
import { sharedAssets } from '../pages/shared/assets';
import { toCustomerPages } from '../pages/shared/errors';
import { trackPages } from '../pages/track/routes';
import { errorAnswers, requestLog } from './middleware/request';
import { securityHeaders } from './middleware/security-headers';
import { adminAuthRoutes } from './routes/admin-auth';
import { adminFailureRoutes } from './routes/admin-failures';
import { adminPackageRoutes } from './routes/admin-packages';
import { adminRegistrationRoutes } from './routes/admin-registrations';
import { healthRoutes } from './routes/health';
import { packageRoutes } from './routes/packages';
import { publicRegistrationRoutes } from './routes/public-registrations';
import { verificationRoutes } from './routes/verifications';
import { simulatorRoutes } from './routes/simulator';
import { webhookRoutes } from './routes/webhooks';
import { type Services } from './services';

export function createApp(services: Services): Koa {
  const { config, logger, metrics } = services;
  const app = new Koa({ proxy: config.trustProxy > 0, maxIpsCount: config.trustProxy });
  app.silent = true;
  app.on('error', (error: Error) => logger.warn({ err: error }, 'a connection broke'));

  app.use(requestLog(logger, metrics));
  if (config.production && config.trustProxy === 0) app.use(warnOfUntrustedProxy(logger));
  app.use(webhooks(services));
  app.use(securityHeaders(services.isSecure));
  app.use(toPages(config.brandName));
  app.use(toCustomerPages(config.brandName));
  app.use(errorAnswers(logger));
  app.use(publicCors(config));

  const router = new Router();
  healthRoutes(router, services);
  packageRoutes(router, services);
  publicRegistrationRoutes(router, services);
  verificationRoutes(router, services);
  adminAuthRoutes(router, services);
  adminRegistrationRoutes(router, services);
  adminPackageRoutes(router, services);
  adminFailureRoutes(router, services);
  adminPages(router, services);
  sharedAssets(router);
  registerPages(router, services);
  trackPages(router, services);
  if (services.simulator) simulatorRoutes(router, services, services.simulator);
  app.use(router.routes()).use(router.allowedMethods());
  return app;
}

/**
 * By far the most requests, from a machine that shows nothing to anyone: so they have a router of their own (a router
 * tries each of its routes), and nothing around it that is for browsers.
 */
function webhooks(services: Services): Koa.Middleware {
  const router = new Router();
  webhookRoutes(router, services);
  const errors = errorAnswers(services.logger);
  const routes = router.routes() as Koa.Middleware;
  const others = router.allowedMethods() as Koa.Middleware;
  const nothing = () => Promise.resolve();
  return async (ctx, next) => {
    if (!ctx.url.startsWith('/webhooks/')) return void (await next());
    await errors(ctx, async () => {
      await routes(ctx, async () => {
        await others(ctx, nothing);
      });
    });
  };
}

/** Only the public endpoints, only for listed origins, never with credentials. */
function publicCors(config: Config): Koa.Middleware {
  const isPublic = /^\/api\/(registrations\/public|packages)(\/|$)/;
  const allow = cors({
    origin: (ctx) => {
      const origin = ctx.get('Origin');
      return config.corsOrigins.includes(origin) ? origin : '';
    },
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Content-Type', 'Authorization'],
    exposeHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });
  return async (ctx, next) => {
    await (isPublic.test(ctx.path) ? allow(ctx, next) : next());
  };
}
