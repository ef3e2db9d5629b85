import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { withBehaviour } from "../shared/behaviour.ts";
import type { CallEntry, Fault } from "../shared/control.ts";
import { markExchange, recordExchanges } from "../shared/exchanges.ts";
import { checkAccess } from "./gate/access.ts";
import { answerIdentity, isIdentityPath } from "./identity-routes.ts";
import { execute, type Ledger, openLedger } from "./ledger.ts";
import { answerControl } from "./sandbox.ts";
import { notFound, type Reply } from "./wire/envelope.ts";

export type StartLedger = {
  /** A scenario as contract.md describes it; only its `org` part is read. */
  scenario: unknown;
  port: number;
  dataDir?: string;
  seed?: string;
  now?: () => Date;
};
export type RunningLedger = { url: string; port: number; close(): Promise<void> };

const KEEP_ALIVE_MS = 65_000;

/** Serves the demo ledger on 127.0.0.1; port 0 takes a free one. With a data folder all state survives kill -9. */
export async function startLedger(options: StartLedger): Promise<RunningLedger> {
  const ledger = openLedger({ ...options, scenario: withBehaviour(options.scenario) });
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(ledger, request, response).catch((error: unknown) => {
      process.stderr.write(
        `ledger: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      if (!response.headersSent)
        send(response, { status: 500, contentType: "text/plain", body: "Internal error" });
    });
  };
  const server = createServer(recordExchanges("ledger", listener));
  // Longer than clients keep idle sockets, so that none is closed under a request.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  if (ledger.org.webhook !== undefined) void ledger.webhooks.subscribe(ledger.org.webhook);
  ledger.webhooks.wake();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      ledger.close();
    },
  };
}

const API = "/api.xro/2.0/";

async function serve(ledger: Ledger, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://ledger");
  const { pathname } = url;
  if (pathname.startsWith("/__sandbox/")) {
    send(response, await answerControl(ledger, request.method ?? "GET", pathname, await readAll(request)));
    return;
  }
  const entry = logCall(ledger, request, url);
  response.on("close", () => {
    entry.status = response.headersSent ? response.statusCode : null;
  });
  const fault = ledger.faults.take(entry.method, pathname);
  if (fault !== undefined) {
    entry.fault = fault.kind;
    markExchange(response, { fault: fault.kind });
  }
  const isApi = pathname.toLowerCase().startsWith(API);
  const early = fault === undefined ? undefined : earlyFault(fault, request, response);
  if (early !== undefined) {
    if (early !== "done") send(response, withHeaders(ledger, early));
    return;
  }
  if (isApi) await serveApi(ledger, { request, response, url, entry, fault });
  else if (fault?.kind === "timeout-before") return;
  else {
    const body = await readAll(request);
    if (fault?.kind === "slow") await delay(fault.seconds * 1000);
    const reply = isIdentityPath(pathname)
      ? answerIdentity(ledger, {
          method: entry.method,
          url,
          authorization: request.headers.authorization,
          body,
        })
      : notFound();
    ledger.books.commit();
    if (fault?.kind !== "timeout-after") send(response, reply);
  }
}

function logCall(ledger: Ledger, request: IncomingMessage, url: URL): CallEntry {
  const key = request.headers["idempotency-key"];
  const entry: CallEntry = {
    at: ledger.clock.now().toISOString(),
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search,
    status: null,
    ...(typeof key === "string" ? { idempotencyKey: key } : {}),
  };
  ledger.calls.record(entry);
  return entry;
}

/** Faults that answer, or break, before anything is looked at. */
function earlyFault(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): Reply | "done" | undefined {
  switch (fault.kind) {
    case "503":
      request.resume();
      return { status: 503, contentType: "text/html; charset=utf-8", body: "Service Unavailable" };
    case "429-minute":
    case "429-day":
      request.resume();
      return tooMany(fault.kind === "429-day" ? "day" : "minute", Math.ceil(fault.seconds));
    case "reset":
      response.destroy();
      request.socket.resetAndDestroy();
      return "done";
    default:
      return undefined;
  }
}

/** No body is known for 429 (examples/errors/429_minute.json). */
const tooMany = (problem: string, retryAfterSeconds: number | undefined): Reply => ({
  status: 429,
  contentType: "text/html; charset=utf-8",
  body: "",
  headers: {
    "X-Rate-Limit-Problem": problem,
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    ...(problem === "minute" ? { "X-MinLimit-Remaining": "0" } : {}),
    ...(problem === "day" ? { "X-DayLimit-Remaining": "0" } : {}),
  },
});

type ApiExchange = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  entry: CallEntry;
  fault: Fault | undefined;
};

async function serveApi(ledger: Ledger, exchange: ApiExchange): Promise<void> {
  const { request, response, url, entry } = exchange;
  const resourcePath = url.pathname.slice(API.length);
  const access = checkAccess({
    books: ledger.books,
    nowMs: ledger.clock.now().getTime(),
    authorization: request.headers.authorization,
    tenantId: headerOf(request, "xero-tenant-id"),
    method: entry.method,
    resourcePath,
  });
  if ("refusal" in access) {
    request.resume();
    send(response, {
      ...access.refusal,
      headers: { ...access.refusal.headers, "xero-correlation-id": randomUUID() },
    });
    return;
  }
  const entered = ledger.limits.enter(ledger.clock.now().getTime());
  if (!entered.isAllowed) {
    request.resume();
    send(response, withHeaders(ledger, tooMany(entered.problem, entered.retryAfterSeconds)));
    return;
  }
  // The slot is held until the answer is out or the client is gone.
  response.on("close", entered.leave);
  const body = await readAll(request);
  await answerApi(ledger, exchange, { resourcePath, body, clientId: access.token.clientId });
}

const BODY_BYTES_MAX = 10 * 1024 * 1024;

type Admitted = { resourcePath: string; body: Buffer; clientId: string };

async function answerApi(ledger: Ledger, exchange: ApiExchange, admitted: Admitted): Promise<void> {
  const { request, response, url, entry, fault } = exchange;
  const { resourcePath, body, clientId } = admitted;
  if (fault?.kind === "timeout-before") return;
  if (body.length > BODY_BYTES_MAX) {
    send(response, withHeaders(ledger, { status: 413, contentType: "text/html; charset=utf-8", body: "" }));
    return;
  }
  const keyed = { method: entry.method, url: url.pathname + url.search, body, clientId };
  const { reply, isReplay } = await ledger.answer(
    { ...keyed, key: headerOf(request, "idempotency-key") || undefined },
    async (seal) => {
      await delay(fault?.kind === "slow" ? fault.seconds * 1000 : ledger.org.latencyMs);
      const executed = execute(ledger, {
        method: entry.method,
        resourcePath,
        query: url.searchParams,
        headers: {
          "if-modified-since": headerOf(request, "if-modified-since"),
          "content-type": headerOf(request, "content-type"),
        },
        body,
        clientId,
        forcedError: fault?.kind === "validation" ? fault.message : undefined,
      });
      seal(executed);
      // On disk before the answer leaves.
      ledger.books.commit();
      ledger.webhooks.wake();
      return executed;
    },
  );
  if (isReplay) entry.replayed = true;
  if (fault?.kind !== "timeout-after") send(response, withHeaders(ledger, reply));
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const withHeaders = (ledger: Ledger, reply: Reply): Reply => ({
  ...reply,
  headers: {
    ...ledger.limits.headers(ledger.clock.now().getTime()),
    "xero-correlation-id": randomUUID(),
    ...reply.headers,
  },
});

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof reply.body === "string" ? Buffer.from(reply.body, "utf8") : Buffer.from(reply.body);
  const hasBody = reply.status !== 204;
  response.writeHead(reply.status, {
    ...(hasBody ? { "content-type": reply.contentType, "content-length": bytes.length } : {}),
    ...reply.headers,
  });
  response.end(hasBody ? bytes : undefined);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
