/** Who is calling: the client's address for limits, and whether it is on this very machine. */
import ipaddr from 'ipaddr.js';
import { type Context } from 'koa';

/** Some proxies write `198.51.100.1:50001` and `[2001:db8::1]:50001`; each connection has another port. */
const PORT_OR_BRACKETS = /^(?:([0-9.]+):[0-9]+|\[([^\]]*)\](?::[0-9]+)?)$/;

/** The address limits go by: an IPv4 address, or the /64 an IPv6 customer has to itself. */
export function limitAddress(ctx: Context): string {
  const ip = ctx.ip.replace(PORT_OR_BRACKETS, '$1$2');
  if (!ipaddr.isValid(ip)) return ip.slice(0, 64);
  const address = ipaddr.process(ip);
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
