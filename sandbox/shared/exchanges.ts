/**
 * What a demo server was asked and what it answered, kept for test/contract, which holds all of it against the vendors'
 * OpenAPI. Nothing is kept unless SANDBOX_EXCHANGES names a folder.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { createSelection } from "./exchange-selection.ts";

export const RecordedExchange = z.object({
  server: z.enum(["ledger", "store"]),
  method: z.string(),
  path: z.string(),
  /** With its question mark, or empty. */
  query: z.string(),
  /** Of the headers only those that the APIs speak of, and never what authorises. */
  headers: z.record(z.string(), z.string()),
  /** Null where the server answered without reading all of it. */
  body: z.string().nullable(),
  /** The kind of the planned fault that shaped the answer. */
  fault: z.string().optional(),
  /** Entity ids of orders that were imported: they are served as they came, whatever they are. */
  imported: z.array(z.string()).optional(),
  /** Null where the connection ended without an answer. A body that is no text is null. */
  answer: z
    .object({ status: z.number().int(), contentType: z.string().nullable(), body: z.string().nullable() })
    .nullable(),
});
export type RecordedExchange = z.infer<typeof RecordedExchange>;

const HEADERS = [
  "content-type",
  "accept",
  "if-modified-since",
  "idempotency-key",
  "xero-tenant-id",
  "user-agent",
] as const;

/** The listener itself, or with a folder the listener with an ear at both ends; each server writes one file there. */
export function recordExchanges(
  server: RecordedExchange["server"],
  listener: RequestListener,
  folder: string | undefined = process.env.SANDBOX_EXCHANGES,
): RequestListener {
  if (folder === undefined || folder === "") return listener;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${server}-${process.pid}-${randomUUID()}.ndjson`);
  const isWanted = createSelection();
  return (request, response) => {
    if (!(request.url ?? "/").startsWith("/__sandbox/")) {
      const requestBody = hearRequest(request);
      const answer = hearAnswer(response);
      response.once("close", () => {
        const exchange = exchangeOf({ server, request, response, body: requestBody(), answer: answer() });
        const line = `${JSON.stringify(exchange)}\n`;
        // A server may outlive the test run, and then nobody reads what it adds.
        if (isWanted(exchange, Buffer.byteLength(line)) && existsSync(folder)) appendFileSync(file, line);
      });
    }
    listener(request, response);
  };
}

type Mark = Pick<RecordedExchange, "fault" | "imported">;
const marks = new WeakMap<ServerResponse, Mark>();

/** Says what in the answer is not the server's own work. */
export const markExchange = (response: ServerResponse, mark: Mark): void => {
  marks.set(response, { ...marks.get(response), ...mark });
};

function exchangeOf(input: {
  server: RecordedExchange["server"];
  request: IncomingMessage;
  response: ServerResponse;
  body: string | null;
  answer: RecordedExchange["answer"];
}): RecordedExchange {
  const { server, request, response, body, answer } = input;
  const target = request.url ?? "/";
  const [path = "/"] = target.split("?");
  const headers = HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return {
    server,
    method: request.method ?? "GET",
    path,
    query: target.slice(path.length),
    headers: Object.fromEntries(headers),
    body,
    ...marks.get(response),
    answer,
  };
}

/** Listens without making the stream flow, so that the server reads it as ever. */
function hearRequest(request: IncomingMessage): () => string | null {
  const chunks: Buffer[] = [];
  request.pause();
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => {
    const body = Buffer.concat(chunks);
    const isChunked = request.headers["transfer-encoding"] !== undefined;
    const isWhole = isChunked
      ? request.complete && body.length > 0
      : body.length === Number(request.headers["content-length"] ?? 0);
    return isWhole ? textOf(body, request.headers["content-type"] ?? null) : null;
  };
}

/** Both servers answer with one writeHead and one end. */
function hearAnswer(response: ServerResponse): () => RecordedExchange["answer"] {
  let contentType: string | null = null;
  let body: Buffer | undefined;
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((status: number, headers?: Record<string, unknown>) => {
    const named = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "content-type");
    if (named !== undefined) contentType = String(named[1]);
    return headers === undefined ? writeHead(status) : Reflect.apply(writeHead, response, [status, headers]);
  }) as typeof response.writeHead;
  const end = response.end.bind(response);
  response.end = ((...given: unknown[]) => {
    const [chunk] = given;
    body =
      typeof chunk === "string" || chunk instanceof Uint8Array
        ? Buffer.from(chunk as string)
        : Buffer.alloc(0);
    return Reflect.apply(end, response, given);
  }) as typeof response.end;
  return () =>
    body === undefined ? null : { status: response.statusCode, contentType, body: textOf(body, contentType) };
}

const TEXT = /json|text|xml|x-www-form-urlencoded/i;

const textOf = (body: Buffer, contentType: string | null): string | null =>
  body.length === 0 || TEXT.test(contentType ?? "text") ? body.toString("utf8") : null;
