/** What a shop's front door may answer, told as the port's errors; nobody's text is passed on. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createMagentoClient } from "./client.ts";

let server: Server | undefined;
const NOW = new Date("2026-11-24T10:00:00Z");

async function clientOf(listener: RequestListener, timeoutMs = 2_000) {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop/`;
  const credentials = { consumerKey: "ck", consumerSecret: "cs", accessToken: "at", accessTokenSecret: "as" };
  return createMagentoClient({ baseUrl, credentials, timeoutMs, clock: { now: () => NOW } });
}

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe("a request", () => {
  test("goes to the shop's folder, signed, with the query as it was signed", async () => {
    let seen: { url?: string | undefined; authorization?: string | undefined } = {};
    const client = await clientOf((request, response) => {
      seen = { url: request.url, authorization: request.headers.authorization };
      response.end("[]");
    });
    expect(await client.get("orders", [["searchCriteria[pageSize]", "1 0"]])).toEqual({
      ok: true,
      value: [],
    });
    expect(seen.url).toBe("/shop/rest/V1/orders?searchCriteria%5BpageSize%5D=1%200");
    expect(seen.authorization).toMatch(/^OAuth oauth_consumer_key="ck", .*oauth_signature="/);
  });
});

describe("an answer", () => {
  test("keeps the digits of its amounts", async () => {
    const client = await clientOf(answering(200, '{"grand_total": 12.3456, "entity_id": 7}'));
    expect(await client.get("orders/7")).toEqual({
      ok: true,
      value: { grand_total: "12.3456", entity_id: 7 },
    });
  });

  test.each<[number, string, Record<string, string>, object]>([
    [
      200,
      "<!doctype html><p>Be right back, Ada",
      {},
      { kind: "unavailable", detail: expect.stringMatching(/web page/) },
    ],
    [200, "", {}, { kind: "unavailable", detail: expect.stringMatching(/not JSON/) }],
    [
      302,
      "",
      { location: "https://shop.example/" },
      { kind: "unavailable", detail: expect.stringMatching(/redirects/) },
    ],
    [400, '{"message":"Ada"}', {}, { kind: "unavailable", detail: "The store answered HTTP 400." }],
    [401, '{"message":"Ada"}', {}, { kind: "unauthorised" }],
    [403, "<html>Ada", {}, { kind: "unauthorised" }],
    [404, '{"message":"Ada"}', {}, { kind: "notFound" }],
    [429, "", { "retry-after": "12" }, { kind: "rateLimited", retryAfterSeconds: 12 }],
    [
      429,
      "",
      { "retry-after": "Tue, 24 Nov 2026 10:01:30 GMT" },
      { kind: "rateLimited", retryAfterSeconds: 90 },
    ],
    [429, "", {}, { kind: "rateLimited", retryAfterSeconds: 30 }],
    [503, "", { "retry-after": "999999" }, { kind: "rateLimited", retryAfterSeconds: 3_600 }],
    [503, "<html>Ada", {}, { kind: "unavailable", detail: expect.stringMatching(/maintenance/) }],
    [
      500,
      '{"message":"Report ID: webapi-1"}',
      {},
      { kind: "unavailable", detail: "The store answered HTTP 500." },
    ],
  ])("of HTTP %d %j %j is told as it is", async (status, body, headers, error) => {
    const answer = await (await clientOf(answering(status, body, headers))).get("orders");
    expect(answer).toMatchObject({ ok: false, error });
    expect(JSON.stringify(answer)).not.toContain("Ada");
  });

  test("that drips for ever ends with the timeout", async () => {
    const client = await clientOf((_request, response) => {
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    }, 300);
    expect(await client.get("orders")).toEqual({
      ok: false,
      error: { kind: "unavailable", detail: "The store did not answer within 0.3 s." },
    });
  });

  test("that breaks off is unavailable", async () => {
    const client = await clientOf((request) => request.socket.destroy());
    expect(await client.get("orders")).toMatchObject({
      ok: false,
      error: { kind: "unavailable", detail: expect.stringContaining("ECONNRESET") },
    });
  });
});
