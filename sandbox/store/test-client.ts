import { createHmac, randomUUID } from "node:crypto";
import type { AxiosResponse } from "axios";
import axios from "axios";
import { readScenario } from "../shared/scenario.ts";
import type { RunningStore } from "./server.ts";
import { startStore } from "./server.ts";

/** The e2e tests' own client: its OAuth 1.0a shares no code with the server. */

export const demoScenario = readScenario(`${import.meta.dirname}/../../scenarios/demo-gb.json`);
export const testNow = (): Date => new Date("2026-11-20T12:00:00Z");
export const ORDERS = "/rest/V1/orders?searchCriteria%5BpageSize%5D=";

export const startTestStore = (more: Partial<Parameters<typeof startStore>[0]> = {}): Promise<RunningStore> =>
  startStore({ scenario: demoScenario, port: 0, now: testNow, ...more });

export type Caller = Pick<RunningStore, "url" | "integration">;

export type Call = {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
  now?: () => Date;
};

export async function call(store: Caller, path: string, input: Call = {}): Promise<AxiosResponse> {
  const method = input.method ?? "GET";
  const url = `${store.url}${path}`;
  const signed = authorization({ store, method, url, now: input.now ?? testNow });
  return axios.request({
    method,
    url,
    data: input.body,
    timeout: input.timeoutMs ?? 10_000,
    headers: { authorization: signed, ...input.headers },
    validateStatus: () => true,
  });
}

export const sandbox = (store: Pick<Caller, "url">, name: string, body?: unknown): Promise<AxiosResponse> =>
  axios.request({
    method: body === undefined ? "GET" : "POST",
    url: `${store.url}/__sandbox/${name}`,
    data: body,
    validateStatus: () => true,
  });

const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

export function authorization(input: {
  store: Caller;
  method: string;
  url: string;
  now: () => Date;
  secret?: string;
  /** More of the protocol's parameters, or others in place of the usual. */
  oauth?: Record<string, string>;
}): string {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = input.store.integration;
  const target = new URL(input.url);
  const oauth: Record<string, string> = {
    oauth_consumer_key: consumerKey,
    oauth_nonce: randomUUID(),
    oauth_signature_method: "HMAC-SHA256",
    oauth_timestamp: String(Math.floor(input.now().getTime() / 1000)),
    oauth_token: accessToken,
    oauth_version: "1.0",
    ...input.oauth,
  };
  const pairs = [...Object.entries(oauth), ...target.searchParams]
    .map(([name, value]) => `${rfc3986(name)}=${rfc3986(value)}`)
    .sort();
  const base = [input.method, `${target.origin}${target.pathname}`, pairs.join("&")].map(rfc3986).join("&");
  const key = `${rfc3986(consumerSecret)}&${rfc3986(input.secret ?? accessTokenSecret)}`;
  const signature = createHmac("sha256", key).update(base).digest("base64");
  const header = Object.entries({ ...oauth, oauth_signature: signature });
  return `OAuth ${header.map(([name, value]) => `${name}="${rfc3986(value)}"`).join(",")}`;
}
