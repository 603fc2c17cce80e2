/** Who is calling: the client's address for limits, and whether it is on this very machine. */
import ipaddr from 'ipaddr.js';
import { type Context } from 'koa';

/** The address limits go by: an IPv4 address, or the /64 an IPv6 customer has to itself. */
export function limitAddress(ctx: Context): string {
  if (!ipaddr.isValid(ctx.ip)) return ctx.ip.slice(0, 64);
  const address = ipaddr.process(ctx.ip);
  if (address.kind() === 'ipv4') return address.toString();
  return `${(address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

export function hasForwardingHeaders(ctx: Context): boolean {
  return Object.keys(ctx.headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'));
}

/** A connection from this machine itself; behind a local proxy everyone comes from loopback, so that is none. */
export function isLoopbackClient(ctx: Context): boolean {
  const remote = ctx.req.socket.remoteAddress ?? '';
  return (
    ipaddr.isValid(remote) && ipaddr.process(remote).range() === 'loopback' && !hasForwardingHeaders(ctx)
  );
}
