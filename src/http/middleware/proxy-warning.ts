/** In production, with TRUST_PROXY=0: says once that a proxy stands in front and all customers share one address. */
import { type Middleware } from 'koa';
import { type Logger } from '../../platform/logger';
import { hasForwardingHeaders } from '../client-address';

export function warnOfUntrustedProxy(logger: Logger): Middleware {
  let isTold = false;
  return (ctx, next) => {
    if (!isTold && hasForwardingHeaders(ctx)) {
      isTold = true;
      logger.warn(
        'A request came with forwarding headers while TRUST_PROXY=0: if a proxy stands in front, all customers ' +
          "share its address's limit. Set TRUST_PROXY to the number of proxies.",
      );
    }
    return next();
  };
}
