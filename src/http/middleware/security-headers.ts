/** Helmet's headers on every answer. Pages load nothing from elsewhere and run no inline script. */
import helmet from 'helmet';
import { type Middleware } from 'koa';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** `isSecure`: whether the public side is https; HSTS only then. */
export function securityHeaders(isSecure: () => boolean): Middleware {
  const plain = headersFor(false);
  const secured = headersFor(true);
  return (ctx, next) => {
    for (const [name, value] of isSecure() ? secured : plain) ctx.res.setHeader(name, value);
    return next();
  };
}

/** None of them depends on the request, so Helmet is asked once. */
function headersFor(secure: boolean): [name: string, value: string][] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    // Fetch metadata of cross-origin forms is CORS's business; this one would break allowed origins.
    crossOriginResourcePolicy: false,
  });
  setHeaders(request, response, () => undefined);
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}
