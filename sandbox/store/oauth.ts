import { createHmac, timingSafeEqual } from "node:crypto";
import { MagentoError, requiredField } from "./errors.ts";
import type { Nonces } from "./nonces.ts";
import { openNonces } from "./nonces.ts";
import { decode } from "./php-query.ts";

/** The four values an integration gives its client (magento.md 1). */
export type IntegrationKeys = {
  consumerKey: string;
  consumerSecret: string;
  accessToken: string;
  accessTokenSecret: string;
};

export type SignedRequest = {
  method: string;
  /** Scheme, host and port as the client sees them. */
  origin: string;
  /** Path and query exactly as they were sent. */
  target: string;
  authorization: string;
};

/** The future is refused beyond this, the past is not (Nonce\Generator, TIME_DEVIATION). */
const TIME_DEVIATION_SECONDS = 600;
const KEY_LENGTH = 32;

const SIGNED = [
  "oauth_consumer_key",
  "oauth_signature",
  "oauth_signature_method",
  "oauth_nonce",
  "oauth_timestamp",
] as const;

/** A token and what it signs with; its secret is half of the signing key. */
export type TokenPair = { token: string; secret: string };

export type OauthVerifier = {
  /** A request to the API, signed with the integration's access token. Throws MagentoError. */
  verify(request: SignedRequest, nowSeconds: number): void;
  /**
   * A step of the handshake: without a token it is signed by the consumer alone, with one by the request token too.
   * Answers the parameters that were signed; throws MagentoError.
   */
  verifyStep(request: SignedRequest, nowSeconds: number, token?: TokenPair): ReadonlyMap<string, string>;
};

/** Checks OAuth 1.0a as Framework\Oauth does: parameters, method, time, nonce, token, signature. */
export function oauthVerifier(keys: IntegrationKeys, nonces: Nonces = openNonces()): OauthVerifier {
  const check = (
    request: SignedRequest,
    nowSeconds: number,
    { token, required }: { token: TokenPair | undefined; required: readonly string[] },
  ): ReadonlyMap<string, string> => {
    const params = parametersOf(request);
    assertProtocol(params, required);
    if (params.get("oauth_consumer_key") !== keys.consumerKey) {
      throw new MagentoError(401, "A consumer having the specified key does not exist");
    }
    assertNonce(params, nonces, nowSeconds);
    if (required.includes("oauth_token") && params.get("oauth_token") !== token?.token) {
      throw new MagentoError(401, "Specified token does not exist");
    }
    const expected = Buffer.from(
      signatureOf(request, params, { consumer: keys.consumerSecret, token: token?.secret ?? "" }),
    );
    const given = Buffer.from(params.get("oauth_signature") ?? "");
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      throw new MagentoError(401, "The signature is invalid. Verify and try again.");
    }
    return params;
  };
  const access = { token: keys.accessToken, secret: keys.accessTokenSecret };
  return {
    verify: (request, nowSeconds) => {
      check(request, nowSeconds, { token: access, required: [...SIGNED, "oauth_token"] });
    },
    verifyStep: (request, nowSeconds, token) =>
      check(request, nowSeconds, {
        token,
        required: token === undefined ? SIGNED : [...SIGNED, "oauth_token", "oauth_verifier"],
      }),
  };
}

export const isOauthHeader = (header: string): boolean => /oauth /i.test(header);

function assertProtocol(params: ReadonlyMap<string, string>, required: readonly string[]): void {
  const version = params.get("oauth_version");
  if (version !== undefined && version !== "1.0") {
    throw new MagentoError(400, 'The "%1" Oauth version isn\'t supported.', [version]);
  }
  const missing = required.filter((name) => !params.has(name));
  if (missing.length === 1 && missing[0] !== undefined) throw requiredField(missing[0]);
  if (missing.length > 1) {
    throw new MagentoError(
      400,
      "One or more input exceptions have occurred.",
      undefined,
      missing.map((fieldName) => ({
        message: '"%fieldName" is required. Enter and try again.',
        parameters: { fieldName },
      })),
    );
  }
  if (required.includes("oauth_token") && (params.get("oauth_token") ?? "").length !== KEY_LENGTH) {
    throw new MagentoError(400, "The token length is invalid. Check the length and try again.");
  }
  const method = params.get("oauth_signature_method") ?? "";
  // Since 2.4.4 SHA1 is refused like any unknown method (magento.md 1, code 6 signature_method_rejected).
  if (method !== "HMAC-SHA256") throw new MagentoError(400, "Signature method %1 is not supported", [method]);
}

function assertNonce(params: ReadonlyMap<string, string>, nonces: Nonces, nowSeconds: number): void {
  const timestamp = Math.trunc(Number(params.get("oauth_timestamp")));
  if (!(timestamp > 0) || timestamp > nowSeconds + TIME_DEVIATION_SECONDS) {
    throw new MagentoError(401, "Incorrect timestamp value in the oauth_timestamp parameter");
  }
  // Core looks a nonce up by consumer alone, so a nonce is used up for every timestamp.
  const nonce = params.get("oauth_nonce") ?? "";
  if (nonces.has(nonce)) {
    throw new MagentoError(401, "The nonce is already being used by the consumer with ID %1", [1]);
  }
  nonces.add(nonce);
}

const isProtocol = (name: string): boolean => /oauth_[a-z_-]+/.test(name);

/** Framework\Oauth\Helper\Request: the header's oauth_* values and every `name=value` of the query. */
function parametersOf(request: SignedRequest): Map<string, string> {
  const params = new Map<string, string>();
  const start = request.authorization.toLowerCase().indexOf("oauth ") + "oauth ".length;
  for (const part of request.authorization.slice(start).split(",")) {
    const [name, value] = splitOnce(part.trim());
    if (value === undefined || !isProtocol(name)) continue;
    params.set(rawDecode(name), rawDecode(value.replace(/^"+|"+$/g, "")));
  }
  const query = request.target.split("?")[1] ?? "";
  for (const pair of query.split("&")) {
    const parts = pair.split("=");
    const [name, value] = parts;
    // Core skips a name without "=": `?searchCriteria` is not signed, `?searchCriteria=` is.
    if (parts.length !== 2 || name === undefined || value === undefined || isProtocol(name)) continue;
    params.set(decode(name), decode(value));
  }
  return params;
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function rawDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Base string of RFC 5849 3.4.1 with Zend's natural ordering of names, HMAC-SHA256, base64. */
function signatureOf(
  request: SignedRequest,
  params: ReadonlyMap<string, string>,
  secrets: { consumer: string; token: string },
): string {
  const pairs = [...params]
    .filter(([name]) => name !== "oauth_signature")
    .map(([name, value]): [string, string] => [rfc3986(name), rfc3986(value)])
    .sort(([a], [b]) => naturalCompare(a, b))
    .map(([name, value]) => `${name}=${value}`);
  const path = request.target.split("?")[0] ?? "";
  const base = [
    request.method.toUpperCase(),
    rfc3986(`${normalOrigin(request.origin)}${path}`),
    rfc3986(pairs.join("&")),
  ].join("&");
  const key = `${rfc3986(secrets.consumer)}&${rfc3986(secrets.token)}`;
  return createHmac("sha256", key).update(base).digest("base64");
}

/** Lower case, no default port; any other port stays (RFC 5849 3.4.1.2). */
function normalOrigin(origin: string): string {
  const url = new URL(origin);
  return `${url.protocol}//${url.host}`;
}

export const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** PHP's strnatcmp, by which Zend orders the names: runs of digits compare as numbers. */
export function naturalCompare(a: string, b: string): number {
  const left = a.match(/\d+|\D/g) ?? [];
  const right = b.match(/\d+|\D/g) ?? [];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareRun(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareRun(a: string, b: string): number {
  const bothDigits = /^\d/.test(a) && /^\d/.test(b);
  if (!bothDigits) return a < b ? -1 : a > b ? 1 : 0;
  // A run that starts with 0 is compared as a fraction: digit by digit from the left.
  if (a.startsWith("0") || b.startsWith("0")) return a < b ? -1 : a > b ? 1 : 0;
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
