/**
 * GET requests to a store's REST API: signed, read as exact JSON, never longer than the timeout. Whatever goes wrong on the
 * way is a value; an answer's own words are never passed on, since they may hold anybody's text.
 */
import { randomBytes } from "node:crypto";
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from "axios";
import { err, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { Clock, Unreachable } from "../../ports.ts";
import { parseExactJson } from "./json.ts";
import { authorization, type OauthCredentials, type Query, queryText } from "./oauth.ts";

export type ClientSettings = {
  /** Scheme, host and any folder the shop lives in; `/rest/...` is added here. */
  readonly baseUrl: string;
  readonly credentials: OauthCredentials;
  /** Store view code in the URL; without one Magento takes its default view. */
  readonly storeCode?: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly http?: AxiosInstance;
};

export type MagentoClient = { get(path: string, query?: Query): Promise<Result<Json, Unreachable>> };

/** A large order is 100 kB; a page of 100 of them stays below this. */
const ANSWER_BYTES_MAX = 50_000_000;
const RETRY_AFTER_SECONDS = 30;
const RETRY_AFTER_SECONDS_MAX = 3_600;

export function createMagentoClient(settings: ClientSettings): MagentoClient {
  const http = settings.http ?? axios.create();
  const view = settings.storeCode === undefined ? "" : `/${encodeURIComponent(settings.storeCode)}`;
  const root = `${settings.baseUrl.replace(/\/+$/, "")}/rest${view}/V1/`;
  return {
    get: async (path, query = []) => {
      const url = new URL(root + path);
      const now = settings.clock.now();
      const header = authorization(settings.credentials, {
        method: "GET",
        url,
        query,
        nonce: randomBytes(16).toString("hex"),
        timestampSeconds: Math.floor(now.getTime() / 1_000),
      });
      try {
        const response = await http.request<string>({
          method: "GET",
          url: query.length === 0 ? url.href : `${url.href}?${queryText(query)}`,
          headers: { Authorization: header, Accept: "application/json", "User-Agent": "counterfoil" },
          responseType: "text",
          // The text is parsed once, by us, so that no amount becomes a float on the way.
          transformResponse: [(body: unknown) => body],
          validateStatus: () => true,
          maxRedirects: 0,
          // A proxy set for the machine must not swallow the demo store on it.
          ...(isLoopback(url.hostname) && { proxy: false }),
          maxContentLength: ANSWER_BYTES_MAX,
          // axios's own timeout counts silence; a slow drip would outlive it.
          signal: AbortSignal.timeout(settings.timeoutMs),
        });
        return readAnswer(response, now);
      } catch (error) {
        if (!isAxiosError(error)) throw error;
        return err(noAnswer(error, settings.timeoutMs));
      }
    },
  };
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || host.startsWith("127.");

function readAnswer(response: AxiosResponse<string>, now: Date): Result<Json, Unreachable> {
  const { status, data, headers } = response;
  if (status < 200 || status > 299) return err(refusal(status, String(headers["retry-after"] ?? ""), now));
  const json = parseExactJson(data);
  if (json.ok) return json;
  return err({ kind: "unavailable", detail: `${notJson(data)} It answered HTTP ${status}.` });
}

/** Maintenance pages, firewalls and wrong addresses answer HTML (facts/magento.md section 2, "Errors"). */
const notJson = (body: string): string =>
  /^\s*</.test(body)
    ? "The store answered a web page where JSON was expected: look for maintenance mode, a firewall or a wrong address."
    : "The store's answer is not JSON.";

function refusal(status: number, retryAfter: string, now: Date): Unreachable {
  switch (status) {
    case 401:
    case 403:
      return { kind: "unauthorised", detail: `The store refused with HTTP ${status}. ${WHY_UNAUTHORISED}` };
    case 404:
      return { kind: "notFound", detail: "The store has no such route or document (HTTP 404)." };
    case 429:
      return { kind: "rateLimited", retryAfterSeconds: waitOf(retryAfter, now), problem: "store" };
    case 503:
      return retryAfter === ""
        ? { kind: "unavailable", detail: "The store is not available (HTTP 503): maintenance mode, perhaps." }
        : { kind: "rateLimited", retryAfterSeconds: waitOf(retryAfter, now), problem: "store" };
    case 301:
    case 302:
    case 307:
    case 308:
      return {
        kind: "unavailable",
        detail: "The store redirects elsewhere: connect it by the address it redirects to.",
      };
    default:
      return { kind: "unavailable", detail: `The store answered HTTP ${status}.` };
  }
}

/** One body for all of them in some versions, so a person is shown all (facts/magento.md section 1). */
const WHY_UNAUTHORISED =
  "Either the integration lacks the right to this resource, or its keys or the signature are wrong, or (where a bearer token is used) standalone bearer tokens are switched off.";

/** Seconds or an HTTP date. */
function waitOf(retryAfter: string, now: Date): number {
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - now.getTime()) / 1_000);
  return Number.isFinite(seconds)
    ? Math.min(Math.max(seconds, 1), RETRY_AFTER_SECONDS_MAX)
    : RETRY_AFTER_SECONDS;
}

function noAnswer(error: { readonly code?: string | undefined }, timeoutMs: number): Unreachable {
  const isTimeout =
    error.code === "ERR_CANCELED" || error.code === "ECONNABORTED" || error.code === "ETIMEDOUT";
  return {
    kind: "unavailable",
    detail: isTimeout
      ? `The store did not answer within ${timeoutMs / 1_000} s.`
      : `The store could not be reached (${error.code ?? "no cause given"}).`,
  };
}
