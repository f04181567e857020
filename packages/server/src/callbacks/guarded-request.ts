import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';

/** The address of a callback is one that the server may not call. */
export class ForbiddenAddressError extends Error {
  constructor(address: string) {
    super(`${address} is not a public address`);
    this.name = 'ForbiddenAddressError';
  }
}

type Lookup = (
  host: string,
  options: LookupOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const GLOBAL_IPV6 = ipaddr.parse('2000::');
const CONNECT_MS = 5000;
/** From the first byte to the last: a receiver that drips its answer must not hold a delivery's place. */
const EXCHANGE_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REDIRECTS = 5;

/**
 * True for addresses on the public internet and those in the allowed ranges. Private, loopback, link-local (with the
 * metadata services of clouds), carrier-grade NAT, multicast, reserved and IPv4-in-IPv6 tunnel ranges are not public.
 */
const mayCall = (address: string, allowedRanges: readonly string[]): boolean => {
  const bare = address.replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return false;
  const ip = ipaddr.process(bare);
  // Outside 2000::/3 no IPv6 address is assigned to anybody; among them are the IPv4-compatible ones (::127.0.0.1).
  const assigned = ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6, 3);
  if (assigned && ip.range() === 'unicast') return true;
  return allowedRanges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === ip.kind() && ip.match(network, bits);
  });
};

/** The host of a URL when it is written as an address; names are judged by what they resolve to. */
const literalAddress = (url: URL): string | undefined => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) ? host : undefined;
};

/** Throws {@link ForbiddenAddressError} for URLs that say themselves that they must not be called. */
export const refuseForbiddenUrl = (text: string, allowedRanges: readonly string[]): void => {
  const url = new URL(text);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  if (!web || url.username || url.password) throw new ForbiddenAddressError(`${url.protocol}//…`);
  // The connection never looks up hosts that are addresses, so they are checked here.
  const address = literalAddress(url);
  if (address !== undefined && !mayCall(address, allowedRanges)) throw new ForbiddenAddressError(address);
};

/** A callback was sent on and on. */
class TooManyRedirectsError extends Error {
  constructor() {
    super(`redirected more than ${MAX_REDIRECTS} times`);
    this.name = 'TooManyRedirectsError';
  }
}

type Redirecting = { readonly statusCode: number; readonly headers: IncomingHttpHeaders };

/** Where a 307 or 308 sends the same request; undefined for any other answer. */
const redirectionOf = (from: string, { statusCode, headers }: Redirecting): string | undefined => {
  if (statusCode !== 307 && statusCode !== 308) return undefined;
  const location = [headers.location].flat()[0];
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  return new URL(location, from).href;
};

type Answer = { status: number };

export type GuardedPost = (url: string, body: string, headers: Record<string, string>) => Promise<Answer>;

/**
 * Posts to URLs that others chose. The addresses that are checked are those the connection then uses, so a name cannot
 * answer well to the check and badly to the connection; every address of a name must be allowed. 307 and 308 are
 * followed, at most {@link MAX_REDIRECTS} of them, each address judged like the first; other redirects would make a GET
 * of the post and are the answer themselves. Answers are cut at 64 kB, time-outs are 5 s to connect and 15 s for all.
 */
export const guardedPost = (
  allowedRanges: readonly string[],
  lookup: Lookup = systemLookup as Lookup,
  exchangeMs: number = EXCHANGE_MS,
): { post: GuardedPost; close(): Promise<void> } => {
  const agent = new Agent({
    connect: {
      timeout: CONNECT_MS,
      lookup: (host, options, done) => {
        lookup(host, { ...options, all: true }, (error, addresses) => {
          if (error) return done(error, []);
          const forbidden = addresses.find(({ address }) => !mayCall(address, allowedRanges));
          if (forbidden || addresses.length === 0) {
            return done(new ForbiddenAddressError(forbidden?.address ?? host), []);
          }
          if (options.all) return done(null, addresses);
          const [first] = addresses;
          (done as unknown as (error: null, address: string, family: number) => void)(
            null,
            first!.address,
            first!.family,
          );
        });
      },
    },
    maxResponseSize: MAX_ANSWER_BYTES,
    pipelining: 0,
  });
  const post: GuardedPost = async (url, body, headers) => {
    const signal = AbortSignal.timeout(exchangeMs);
    let target = url;
    for (let redirects = 0; ; redirects += 1) {
      refuseForbiddenUrl(target, allowedRanges);
      const answer = await request(target, { method: 'POST', body, headers, signal, dispatcher: agent });
      // The status is the answer, however its body ends.
      await answer.body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => {});
      const next = redirectionOf(target, answer);
      if (next === undefined) return { status: answer.statusCode };
      if (redirects === MAX_REDIRECTS) throw new TooManyRedirectsError();
      target = next;
    }
  };
  return { post, close: () => agent.destroy() };
};
