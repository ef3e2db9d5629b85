import { afterEach } from "vitest";
import { type RunningLedger, startLedger } from "./server.ts";
import { type Body, TEST_ORG } from "./testing.ts";

/** What the tests with a real server share. */

/** Everything a test opened; it is closed after it. */
export const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

export async function start(org: Record<string, unknown> = {}): Promise<RunningLedger> {
  const ledger = await startLedger({
    scenario: { org: { ...TEST_ORG, minuteLimit: 10_000, ...org } },
    port: 0,
    seed: "e2e",
  });
  open.push(ledger);
  return ledger;
}

export type Client = {
  tenant: string;
  token: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Body>;
};

export async function connect(url: string): Promise<Client> {
  const answer = await fetch(`${url}/connect/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("app:secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: token } = (await answer.json()) as Body;
  const bearer = { authorization: `Bearer ${token}`, accept: "application/json" };
  const connections = (await (await fetch(`${url}/connections`, { headers: bearer })).json()) as Body;
  const tenant = connections[0].tenantId;
  return {
    tenant,
    token,
    async send(method, path, body, headers = {}) {
      const response = await fetch(`${url}/api.xro/2.0/${path}`, {
        method,
        headers: { ...bearer, "xero-tenant-id": tenant, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
  };
}

export const control = async (url: string, method: string, name: string, body?: unknown): Promise<Body> => {
  const response = await fetch(`${url}/__sandbox/${name}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
};
