import { createRequire } from "node:module";
import type { AxiosStatic } from "axios";
import xero, { type AccountingApi, type XeroClient } from "xero-node";
import { type Body, messagesOf } from "../ledger/testing.ts";
import { open, start } from "../ledger/testing-http.ts";

/**
 * xero-node 20 as it is published, turned to a demo ledger. `basePath` and `openIdClient` are its own public
 * settings. The token endpoint and /connections are fixed in its code: they are turned where a proxy would, by a
 * request interceptor on the copy of axios that it loads (facts/xero.md section 8).
 */
const ofXeroNode = createRequire(createRequire(import.meta.url).resolve("xero-node"));
const axios = ofXeroNode("axios") as AxiosStatic;
const { Issuer } = ofXeroNode("openid-client") as {
  Issuer: new (
    endpoints: Record<string, string>,
  ) => { Client: new (metadata: Record<string, unknown>) => XeroClient["openIdClient"] };
};

const APP = { clientId: "tour-app", clientSecret: "tour-secret" };
const REDIRECT_URI = "http://localhost/callback";

export type Session = { url: string; client: XeroClient; api: AccountingApi; tenant: string };

/** A ledger of its own and a custom connection to it. */
export async function openSession(org: Record<string, unknown> = {}): Promise<Session> {
  const { url } = await start(org);
  const client = new xero.XeroClient({ ...APP, grantType: "client_credentials" });
  turnTo(url, client);
  await client.getClientCredentialsToken();
  const [tenant] = await client.updateTenants(false);
  return { url, client, api: client.accountingApi, tenant: tenant.tenantId };
}

/** A web app that asked a person for `scopes`; the demo ledger consents at once. */
export async function openWebAppSession(scopes: string[], url: string): Promise<Session> {
  const client = new xero.XeroClient({ ...APP, redirectUris: [REDIRECT_URI], scopes, state: "s-1" });
  turnTo(url, client);
  const issuer = new Issuer({
    issuer: "https://identity.xero.com",
    authorization_endpoint: `${url}/identity/connect/authorize`,
    token_endpoint: `${url}/connect/token`,
    revocation_endpoint: `${url}/connect/revocation`,
  });
  client.openIdClient = new issuer.Client({
    client_id: APP.clientId,
    client_secret: APP.clientSecret,
    redirect_uris: [REDIRECT_URI],
  });
  const consent = await fetch(await client.buildConsentUrl(), { redirect: "manual" });
  if (consent.status !== 302) throw new Error(`no consent: ${await consent.text()}`);
  await client.apiCallback(consent.headers.get("location") ?? "");
  const [tenant] = await client.updateTenants(false);
  return { url, client, api: client.accountingApi, tenant: tenant.tenantId };
}

function turnTo(url: string, client: XeroClient): void {
  client.accountingApi.basePath = `${url}/api.xro/2.0`;
  const interceptor = axios.interceptors.request.use((config) => ({
    ...config,
    url: config.url?.replace(/^https:\/\/(identity|api)\.xero\.com/, url) ?? "",
  }));
  open.push({ close: async () => axios.interceptors.request.eject(interceptor) });
}

export type Refusal = {
  status: number;
  body: Body;
  headers: Readonly<Record<string, string>>;
  messages: readonly string[];
};

/** xero-node rejects with a JSON string, not with an Error (facts/xero.md section 8). */
export async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (typeof thrown !== "string") throw new Error(`expected a refusal, got ${String(thrown)}`);
  const { response } = JSON.parse(thrown) as Body;
  const { statusCode: status, body, headers } = response;
  return { status, body, headers, messages: messagesOf(body) };
}

/** The one element of an answer; xero-node's models leave every field optional, Xero does not. */
export function only<T>(list: readonly T[] | undefined): Required<T> {
  const [one, ...others] = list ?? [];
  if (one === undefined || others.length > 0) throw new Error(`expected one element, got ${list?.length}`);
  return one as Required<T>;
}
