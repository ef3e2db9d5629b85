import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "../shared/control.ts";
import { markExchange } from "../shared/exchanges.ts";
import { isAdminToken, issueAdminToken } from "./admin-token.ts";
import type { RouteContext } from "./context.ts";
import { MagentoError, noRoute, notAuthorized } from "./errors.ts";
import { filterFields } from "./field-filter.ts";
import { answerHandshake } from "./handshake.ts";
import { importedOrdersIn } from "./import.ts";
import type { Json } from "./json.ts";
import { isObject, objects, textAt } from "./json.ts";
import type { IntegrationKeys, OauthVerifier, SignedRequest } from "./oauth.ts";
import { isOauthHeader } from "./oauth.ts";
import type { QueryTree } from "./php-query.ts";
import { parseQuery } from "./php-query.ts";
import { matchBulkRoute, matchRoute, parseTarget } from "./router.ts";
import { acceptBulk, runOperation } from "./routes-bulk.ts";
import type { Sandbox } from "./sandbox-routes.ts";
import { runSandbox } from "./sandbox-routes.ts";
import { magentoTime } from "./time.ts";

export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  sandbox: Sandbox;
  verifier: OauthVerifier;
  integration: IntegrationKeys;
  url(): string;
};

type Answer = { status: number; body: Json; contentType?: string };

const BODY_BYTES_MAX = 100 * 1024 * 1024;

/** One request from socket to socket: fault, sandbox plane, or Magento's webapi. */
export async function answerRequest(exchange: Exchange): Promise<void> {
  const { request, response, sandbox } = exchange;
  const target = request.url ?? "/";
  const path = target.split("?")[0] ?? "/";
  const method = request.method ?? "GET";
  let text: string;
  try {
    text = await readBody(request);
  } catch {
    response.destroy();
    return;
  }
  if (path.startsWith("/__sandbox/")) {
    send(response, answerSandbox(sandbox, method, path.slice("/__sandbox/".length), text));
    return;
  }
  const fault = sandbox.faults.take(method, path);
  const entry = {
    at: sandbox.clock.now().toISOString(),
    method,
    path,
    query: target.split("?")[1] ?? "",
    ...(fault ? { fault: fault.kind } : {}),
  };
  const log = (status: number | null): void => sandbox.calls.record({ ...entry, status });
  if (fault === undefined) {
    const answer = answerApi(exchange, { method, path, target, text });
    log(answer.status);
    send(response, answer);
    return;
  }
  markExchange(response, { fault: fault.kind });
  await answerWithFault({
    exchange,
    fault,
    log,
    run: () => answerApi(exchange, { method, path, target, text }),
  });
}

/** Failures as they reach a client of a real shop (contract.md, POST faults). */
async function answerWithFault(input: {
  exchange: Exchange;
  fault: Fault;
  log(status: number | null): void;
  run(): Answer;
}): Promise<void> {
  const { fault, log } = input;
  const { response } = input.exchange;
  switch (fault.kind) {
    case "timeout-before":
      log(null);
      return;
    case "timeout-after":
      input.run();
      log(null);
      return;
    case "reset":
      log(null);
      response.socket?.resetAndDestroy();
      return;
    case "slow": {
      await new Promise((resolve) => setTimeout(resolve, fault.seconds * 1000));
      const answer = input.run();
      log(answer.status);
      send(response, answer);
      return;
    }
    case "503":
      // Maintenance mode and the edge answer HTML, never JSON (magento.md 2, errors).
      log(503);
      response.writeHead(503, {
        "content-type": "text/html; charset=UTF-8",
        "retry-after": String(fault.seconds),
      });
      response.end(
        "<!doctype html><html><head><title>503 Service Unavailable</title></head><body><h1>503 Service Unavailable</h1></body></html>",
      );
      return;
    case "429-minute":
    case "429-day":
      // Magento has no rate limit of its own; a WAF or Fastly in front of it may (magento.md 2, rate limits).
      log(429);
      response.writeHead(429, {
        "content-type": "text/html; charset=UTF-8",
        "retry-after": String(fault.seconds),
      });
      response.end("<html><body><h1>429 Too Many Requests</h1></body></html>");
      return;
    case "validation":
      log(400);
      send(response, { status: 400, body: { message: fault.message } });
      return;
  }
}

function answerSandbox(sandbox: Sandbox, method: string, name: string, text: string): Answer {
  return guarded(() => {
    const body = runSandbox(sandbox, method, name, parseJson(text));
    if (body === undefined)
      return { status: 404, body: { message: `The sandbox has no ${method} ${name}.` } };
    return { status: 200, body };
  });
}

type Parsed = { method: string; path: string; target: string; text: string };

function answerApi(exchange: Exchange, parsed: Parsed): Answer {
  const step = /^\/oauth\/token\/(request|access)\/?$/.exec(parsed.path)?.[1];
  return step === "request" || step === "access"
    ? answerTokenExchange(exchange, parsed, step)
    : answerRest(exchange, parsed);
}

/** The two steps of the handshake answer forms, refusals included (magento.md 1). */
function answerTokenExchange(exchange: Exchange, parsed: Parsed, step: "request" | "access"): Answer {
  const { sandbox, verifier, integration } = exchange;
  const contentType = "application/x-www-form-urlencoded";
  try {
    const body = answerHandshake(step, {
      state: sandbox.state,
      verifier,
      integration,
      request: signedRequest(exchange, parsed),
      nowSeconds: secondsOf(sandbox),
    });
    return { status: 200, body, contentType };
  } catch (error) {
    if (!(error instanceof MagentoError)) throw error;
    return { status: error.status, body: `oauth_problem=${encodeURIComponent(error.message)}`, contentType };
  }
}

function answerRest(exchange: Exchange, parsed: Parsed): Answer {
  const { sandbox, request } = exchange;
  return guarded(() => {
    const accept = request.headers.accept ?? "*/*";
    if (!/\*\/\*|application\/\*|json|xml/i.test(accept)) {
      throw new MagentoError(
        406,
        'Server cannot match any of the given Accept HTTP header media type(s) from the request: "%1" with media types from the config of response renderer.',
        [accept],
      );
    }
    const target = parseTarget(
      parsed.path,
      sandbox.shop.views.map(({ code }) => code),
    );
    if (target === undefined) throw noRoute();
    const query = parseQuery(parsed.target.split("?")[1] ?? "");
    if (target.bulk) return answerBulk(exchange, parsed, target.segments, query);
    const { route, params } = matchRoute(parsed.method, target.segments);
    authorize(exchange, parsed, route.resource);
    const body = bodyOf(request, parsed.text);
    const answer = sandbox.state.transact((transaction) =>
      route.run({ ...contextOf(sandbox, exchange.url(), query), params, body, transaction }),
    );
    if (route.path.startsWith("orders"))
      markExchange(exchange.response, { imported: importedOrdersIn(sandbox.state.read, answer) });
    const fields = query.fields;
    return {
      status: 200,
      body: typeof fields === "string" && fields !== "" ? filterFields(answer, fields) : answer,
    };
  });
}

const contextOf = (
  sandbox: Sandbox,
  storeUrl: string,
  query: QueryTree,
): Omit<RouteContext, "params" | "body" | "transaction"> => ({
  query,
  shop: sandbox.shop,
  scenario: sandbox.scenario,
  storeUrl,
  now: magentoTime(sandbox.clock.now()),
  issueAdminToken: () => issueAdminToken(sandbox.integration.accessTokenSecret, secondsOf(sandbox)),
});

/** 202 at once; the consumer runs the operations after the answer, each in a transaction of its own. */
function answerBulk(
  exchange: Exchange,
  parsed: Parsed,
  segments: readonly string[],
  query: QueryTree,
): Answer {
  const { sandbox } = exchange;
  // There is no asynchronous GET (magento.md 2).
  if (parsed.method === "GET") throw noRoute();
  const { route, names } = matchBulkRoute(parsed.method, segments);
  authorize(exchange, parsed, route.resource);
  const body = bodyOf(exchange.request, parsed.text);
  const uuid = randomUUID();
  const answer = sandbox.state.transact((transaction) =>
    acceptBulk(
      { ...contextOf(sandbox, exchange.url(), query), params: {}, body, transaction },
      { route, names, uuid },
    ),
  );
  setImmediate(() => consumeBulk(sandbox, exchange.url(), uuid));
  return { status: 202, body: answer };
}

/** Also run at start: what a killed process accepted is still in the queue. */
export function consumeBulk(sandbox: Sandbox, storeUrl: string, uuid: string): void {
  const { state } = sandbox;
  const count = objects(state.read.get("bulks", uuid)?.operations).length;
  for (let index = 0; index < count; index += 1) {
    state.transact((transaction) => {
      const bulk = transaction.get("bulks", uuid);
      if (bulk === undefined) return;
      const operations = objects(bulk.operations);
      const operation = operations[index];
      if (operation === undefined) return;
      operations[index] = runOperation(operation, (request) => {
        const params = isObject(request.params) ? request.params : {};
        const filled = textAt(request, "path")
          .split("/")
          .map((part) => (part.startsWith(":") ? encodeURIComponent(textAt(params, part.slice(1))) : part));
        const matched = matchRoute(textAt(request, "method"), filled);
        return matched.route.run({
          ...contextOf(sandbox, storeUrl, {}),
          params: matched.params,
          body: request.body,
          transaction,
        });
      });
      transaction.put("bulks", { ...bulk, operations });
    });
  }
}

const secondsOf = ({ clock }: Sandbox): number => Math.floor(clock.now().getTime() / 1000);

const signedRequest = ({ request, url }: Exchange, { method, target }: Parsed): SignedRequest => ({
  method,
  origin: `http://${request.headers.host ?? new URL(url()).host}`,
  target,
  authorization: request.headers.authorization ?? "",
});

/** Signature first, then the right; a missing signature reads like a missing right (magento.md 1). */
function authorize(exchange: Exchange, parsed: Parsed, resource: string): void {
  const { request, sandbox, verifier, integration } = exchange;
  if (resource === "anonymous") return;
  const header = request.headers.authorization ?? "";
  if (isOauthHeader(header)) {
    verifier.verify(signedRequest(exchange, parsed), secondsOf(sandbox));
  } else {
    const token = /^bearer\s+(\S+)$/i.exec(header)?.[1];
    // An administrator has every right.
    if (isAdminToken(token ?? "", integration.accessTokenSecret, secondsOf(sandbox))) return;
    if (token !== integration.accessToken || !sandbox.shop.bearerAllowed) throw notAuthorized(resource);
  }
  const rights = sandbox.shop.integrationResources;
  if (rights !== undefined && !rights.includes(resource)) throw notAuthorized(resource);
}

function bodyOf(request: IncomingMessage, text: string): Json | undefined {
  if (text === "") return undefined;
  const type = request.headers["content-type"] ?? "";
  if (!/json/i.test(type)) {
    throw new MagentoError(400, "Server cannot understand Content-Type HTTP header media type %1", [type]);
  }
  return parseJson(text);
}

function parseJson(text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new MagentoError(400, "Decoding error.");
  }
}

function guarded(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof MagentoError) return { status: error.status, body: error.body() };
    console.error(
      JSON.stringify({ event: "store.failed", error: error instanceof Error ? error.stack : String(error) }),
    );
    const report = `webapi-${randomUUID().replaceAll("-", "").slice(0, 13)}`;
    return {
      status: 500,
      body: { message: `Internal Error. Details are available in Magento log file. Report ID: ${report}` },
    };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("The body is too large.");
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, answer: Answer): void {
  const { contentType } = answer;
  const text =
    contentType !== undefined && typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": contentType ?? "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}
