import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

export type Receiver = {
  url: string;
  key: string;
  /** Every event that was signed and taken. */
  events: Body[];
  /** How many deliveries of events were answered 500. */
  refused: number;
  /** Answers 500 to events, while it is set. */
  isFailing: boolean;
};

/** Takes webhooks as an app must: 200 when they are signed with its key, 401 when they are not. */
export async function openReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: "", key: "webhook-key", events: [], refused: 0, isFailing: false };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const signature = createHmac("sha256", receiver.key).update(raw).digest("base64");
    const isSigned = request.headers["x-xero-signature"] === signature;
    const { events } = JSON.parse(raw.toString("utf8"));
    const isRefused = isSigned && events.length > 0 && receiver.isFailing;
    if (isRefused) receiver.refused += 1;
    else if (isSigned) receiver.events.push(...events);
    response.writeHead(isRefused ? 500 : isSigned ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: async () => void server.close() });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return receiver;
}
