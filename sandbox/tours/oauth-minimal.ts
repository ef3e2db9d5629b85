import { createHmac } from "node:crypto";
import OAuth from "oauth-1.0a";
import type { IntegrationKeys } from "../store/oauth.ts";

/** Where a request may leave the path of virtue, for tests. */
export type Slip = {
  method?: string;
  body?: unknown;
  nonce?: string;
  timestampSeconds?: number;
  sha?: "sha1" | "sha256";
  tokenSecret?: string;
};

/** A Magento client of the least possible size: the oauth-1.0a package signs, fetch sends. */
export function minimalClient(url: string, keys: IntegrationKeys) {
  return async (path: string, slip: Slip = {}): Promise<{ status: number; body: unknown }> => {
    const sha = slip.sha ?? "sha256";
    const oauth = new OAuth({
      consumer: { key: keys.consumerKey, secret: keys.consumerSecret },
      signature_method: `HMAC-${sha.toUpperCase()}`,
      hash_function: (base, key) => createHmac(sha, key).update(base).digest("base64"),
    });
    const { nonce, timestampSeconds } = slip;
    if (nonce !== undefined) oauth.getNonce = () => nonce;
    if (timestampSeconds !== undefined) oauth.getTimeStamp = () => timestampSeconds;
    const request = { url: `${url}/rest/V1/${path}`, method: slip.method ?? "GET" };
    const token = { key: keys.accessToken, secret: slip.tokenSecret ?? keys.accessTokenSecret };
    const response = await fetch(request.url, {
      method: request.method,
      headers: {
        ...oauth.toHeader(oauth.authorize(request, token)),
        "content-type": "application/json",
      },
      // The body is not signed: Magento signs the query alone.
      ...(slip.body === undefined ? {} : { body: JSON.stringify(slip.body) }),
    });
    return { status: response.status, body: await response.json() };
  };
}
