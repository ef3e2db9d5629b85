/** What the wire did, against servers that misbehave in every way a network can. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { exchange } from "./exchange.ts";

let server: Server | undefined;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const put = (apiUrl: string, timeoutMs = 2_000) =>
  exchange({ apiUrl, accessToken: "secret-token", signal: AbortSignal.timeout(timeoutMs) }, (api) =>
    api.createInvoices("tenant", { invoices: [{ invoiceNumber: "1" }] }, false, 4, "key-1"),
  );

describe("the request", () => {
  test("is a PUT with the key, the organisation and the token, each element settled alone", async () => {
    let seen: unknown;
    const url = await serve((request, response) => {
      const { method, url: path, headers } = request;
      seen = {
        method,
        path,
        key: headers["idempotency-key"],
        tenant: headers["xero-tenant-id"],
        auth: headers.authorization,
        app: headers["user-agent"],
      };
      response.end("{}");
    });
    await put(url);
    expect(seen).toEqual({
      method: "PUT",
      path: "/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4",
      key: "key-1",
      tenant: "tenant",
      auth: "Bearer secret-token",
      app: "counterfoil",
    });
  });

  test("that was never made because of a mistake of ours throws", async () => {
    const request = { apiUrl: "http://127.0.0.1:1", accessToken: "t", signal: AbortSignal.timeout(1_000) };
    await expect(exchange(request, (api) => api.getAccounts(undefined as unknown as string))).rejects.toThrow(
      /xeroTenantId/,
    );
  });
});

describe("the answer", () => {
  test("is told with its status, headers and very text, whatever the status", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(400, { "X-MinLimit-Remaining": "59", "content-type": "application/json" });
      response.end('{"Total": 9999999999.990}');
    });
    expect(await put(url)).toMatchObject({
      kind: "answered",
      status: 400,
      headers: { "x-minlimit-remaining": "59" },
      text: '{"Total": 9999999999.990}',
    });
  });

  test("that is no JSON is told all the same", async () => {
    const url = await serve((_request, response) =>
      response.writeHead(404, { "content-type": "text/html" }).end("gone"),
    );
    expect(await put(url)).toMatchObject({ kind: "answered", status: 404, text: "gone" });
  });

  test("a redirect is not followed with the body and the token", async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(await put(url)).toMatchObject({ kind: "answered", status: 307 });
    expect(calls).toBe(1);
  });
});

describe("no answer", () => {
  test("a closed port was not sent, by address and by a name of several addresses", async () => {
    expect(await put("http://127.0.0.1:1")).toEqual({ kind: "notSent", cause: "ECONNREFUSED" });
    expect(await put("http://localhost:1")).toEqual({ kind: "notSent", cause: "ECONNREFUSED" });
  });

  test("a name that does not exist was not sent", async () => {
    expect(await put("http://no-such-host.invalid")).toMatchObject({ kind: "notSent" });
  });

  test("silence, a drip and a broken connection may have been executed", async () => {
    const silent = await serve(() => undefined);
    expect(await put(silent, 200)).toEqual({ kind: "lost", cause: "timeout" });
    server?.closeAllConnections();
    server?.close();
    const drip = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    });
    expect(await put(drip, 300)).toEqual({ kind: "lost", cause: "timeout" });
    server?.closeAllConnections();
    server?.close();
    const broken = await serve((request) => request.socket.destroy());
    expect(await put(broken)).toMatchObject({ kind: "lost", cause: "ECONNRESET" });
  });

  test("an answer that breaks off in the middle may have been executed", async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"Invoices":');
      setTimeout(() => request.socket.destroy(), 50);
    });
    expect(await put(url)).toMatchObject({ kind: "lost" });
  });

  test("the token is in no cause", async () => {
    expect(JSON.stringify(await put("http://127.0.0.1:1"))).not.toContain("secret-token");
  });
});
