/**
 * One HTTP call through xero-node, told as what went over the wire.
 *
 * xero-node builds the request: path, query, headers, body. Its answers are not used: it drops what its models do not know
 * (the errors of single lines), turns dates into Date objects and amounts into floats, sets no timeout and rejects with a
 * JSON string that has lost the cause of a broken connection (facts/xero.md section 8). The request options that it hands to
 * its authentication hook take an axios adapter, so the answer is read there, per call, with no interceptor on a shared axios.
 */
import axios, { type AxiosRequestConfig, getAdapter, isAxiosError } from "axios";
import { AccountingApi } from "xero-node";

export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  /** No byte of the request left: no connection was made. */
  | { readonly kind: "notSent"; readonly cause: string }
  /** The request may have been executed: a timeout, a broken connection. */
  | { readonly kind: "lost"; readonly cause: string };

export type XeroRequest = {
  /** Scheme and host of the API, e.g. https://api.xero.com. */
  readonly apiUrl: string;
  readonly accessToken: string;
  /** Ends the call, whatever it waits for. */
  readonly signal: AbortSignal;
};

export async function exchange(
  { apiUrl, accessToken, signal }: XeroRequest,
  run: (api: AccountingApi) => Promise<unknown>,
): Promise<Exchange> {
  let result: Exchange | undefined;
  const api = new AccountingApi(`${apiUrl.replace(/\/+$/, "")}/api.xro/2.0`);
  api.accessToken = accessToken;
  api.setDefaultAuthentication({
    applyToRequest: (options: AxiosRequestConfig) => {
      // xero-node names itself; the ledger's log should name the app.
      options.headers = { ...options.headers, "user-agent": "counterfoil" };
      options.signal = signal;
      options.maxRedirects = 0;
      options.validateStatus = () => true;
      if (isLoopback(apiUrl)) options.proxy = false;
      options.adapter = async (config) => {
        try {
          const response = await getAdapter("http")(config);
          const headers = Object.entries(response.headers).map(([name, value]) => [
            name.toLowerCase(),
            String(value),
          ]);
          const text = typeof response.data === "string" ? response.data : "";
          result = { kind: "answered", status: response.status, headers: Object.fromEntries(headers), text };
          return response;
        } catch (error) {
          result = failureOf(error);
          throw error;
        }
      };
    },
  });
  try {
    await run(api);
  } catch (error) {
    // What the wire said is known; a rejection without any call is a mistake of ours (a missing parameter).
    if (result === undefined) throw error;
  }
  if (result === undefined) throw new Error("xero-node answered without a call");
  return result;
}

/** A proxy set for the machine must not swallow the demo ledger on it. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

function failureOf(error: unknown): Exchange {
  if (axios.isCancel(error)) return { kind: "lost", cause: "timeout" };
  const cause = causeOf(error);
  return wasNotSent(error) ? { kind: "notSent", cause } : { kind: "lost", cause };
}

const causeOf = (error: unknown): string => (isAxiosError(error) && error.code) || "no cause given";

/** Certificates are checked before the request is written. */
const TLS_CODES = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const BEFORE_CONNECTED: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo"]);

/** Only what surely happened before the connection stood counts as not sent; a doubt is an unknown outcome. */
function wasNotSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A name with several addresses fails with one error for each.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNotSent);
  if ("syscall" in error && BEFORE_CONNECTED.has(error.syscall)) return true;
  if ("code" in error && typeof error.code === "string" && TLS_CODES.test(error.code)) return true;
  return error.cause !== undefined && error.cause !== error && wasNotSent(error.cause);
}
