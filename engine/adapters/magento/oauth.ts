/**
 * OAuth 1.0a with HMAC-SHA256, the only method that Magento takes (facts/magento.md section 1). The JSON body is not
 * signed; the query is. A bearer token would need a switch in the merchant's settings: signing needs none.
 */
import { createHmac } from "node:crypto";

/** The four values that an integration shows (System > Extensions > Integrations). */
export type OauthCredentials = {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
};

/** A query in the order in which it is sent. Names are not repeated. */
export type Query = readonly (readonly [name: string, value: string])[];

export type SignedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly query: Query;
  readonly nonce: string;
  readonly timestampSeconds: number;
};

/** RFC 3986: everything but letters, digits, - . _ ~ is escaped, so brackets are too. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The query as it goes out; what is sent and what is signed must be the same bytes. */
export const queryText = (query: Query): string =>
  query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");

/** The value of the Authorization header. */
export function authorization(credentials: OauthCredentials, request: SignedRequest): string {
  const protocol: Query = [
    ["oauth_consumer_key", credentials.consumerKey],
    ["oauth_nonce", request.nonce],
    ["oauth_signature_method", "HMAC-SHA256"],
    ["oauth_timestamp", String(request.timestampSeconds)],
    ["oauth_token", credentials.accessToken],
    ["oauth_version", "1.0"],
  ];
  const key = `${encode(credentials.consumerSecret)}&${encode(credentials.accessTokenSecret)}`;
  const signature = createHmac("sha256", key)
    .update(baseString(request, [...protocol, ...request.query]))
    .digest("base64");
  const header = [...protocol, ["oauth_signature", signature] as const];
  return `OAuth ${header.map(([name, value]) => `${name}="${encode(value)}"`).join(", ")}`;
}

/** `METHOD&enc(url without query)&enc(sorted parameters)`. */
export function baseString(request: Pick<SignedRequest, "method" | "url">, parameters: Query): string {
  const sorted = parameters
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  // URL lower-cases scheme and host and drops a default port; any other port stays (RFC 5849 3.4.1.2).
  const address = `${request.url.origin}${request.url.pathname}`;
  return [request.method.toUpperCase(), encode(address), encode(sorted)].join("&");
}
