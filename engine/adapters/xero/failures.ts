/** What it means when the ledger gives no answer to a call, or refuses it whole (facts/xero.md sections 1 and 2). */
import type { Json } from "../../core/shapes.ts";
import type { Unreachable } from "../../ports.ts";
import { parseAnswer } from "./answer-json.ts";
import type { Exchange } from "./exchange.ts";

export type Answered = Extract<Exchange, { kind: "answered" }>;

/** Why a read gave nothing; `undefined` for an answer of 2xx. */
export function unreachableOf(exchange: Exchange): Unreachable | undefined {
  if (exchange.kind !== "answered") {
    return { kind: "unavailable", detail: `The ledger could not be reached (${exchange.cause}).` };
  }
  const { status } = exchange;
  if (status >= 200 && status <= 299) return undefined;
  if (status === 429) return rateLimitOf(exchange);
  if (status === 401 || status === 403) return unauthorisedOf(exchange);
  if (status === 404) return { kind: "notFound", detail: "The ledger has no such document (HTTP 404)." };
  return { kind: "unavailable", detail: `The ledger answered HTTP ${status}.` };
}

/** Retry-After comes with the minute and day limits only; five calls at once are over in a moment. */
const WAIT_SECONDS: Readonly<Record<string, number>> = {
  concurrent: 1,
  minute: 60,
  appminute: 60,
  day: 3_600,
};
const WAIT_SECONDS_UNKNOWN = 5;

export function rateLimitOf({ headers }: Answered): Extract<Unreachable, { kind: "rateLimited" }> {
  const problem = headers["x-rate-limit-problem"] ?? "unknown";
  const retryAfter = headers["retry-after"] ?? "";
  // Spelled "appminute", "app-minute" and "DayLimit" in places.
  const kind = problem.toLowerCase().replace(/limit|[^a-z]/g, "");
  const retryAfterSeconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (WAIT_SECONDS[kind] ?? WAIT_SECONDS_UNKNOWN);
  return { kind: "rateLimited", retryAfterSeconds, problem };
}

export function unauthorisedOf(answer: Answered): Extract<Unreachable, { kind: "unauthorised" }> {
  if (lacksScope(answer)) {
    return {
      kind: "unauthorised",
      detail: "The connection lacks a right (scope) for this; connect it again with it.",
    };
  }
  if (answer.status === 403) {
    const detail =
      "The connection does not cover this organisation (HTTP 403): it was disconnected, or its id is wrong.";
    return { kind: "unauthorised", detail };
  }
  const why = /TokenExpired/i.test(detailOf(answer)) ? "its token has expired" : "its token was not accepted";
  return {
    kind: "unauthorised",
    detail: `The ledger refused the connection: ${why}. Connect it again if this stays.`,
  };
}

/** A token that another one may replace; a missing scope stays missing (spelled "insufficent_scope" in places). */
export const isStaleToken = (exchange: Exchange): boolean =>
  exchange.kind === "answered" && exchange.status === 401 && !lacksScope(exchange);

const lacksScope = ({ headers }: Answered): boolean =>
  /insuffic\w*_scope/i.test(headers["www-authenticate"] ?? "");

/** Problem details come with keys in either case. */
function detailOf({ text }: Answered): string {
  const body = parseAnswer(text);
  if (body === null || typeof body !== "object" || Array.isArray(body)) return "";
  const entry = Object.entries(body).find(([name]) => name.toLowerCase() === "detail");
  return typeof entry?.[1] === "string" ? entry[1] : "";
}

const MESSAGES_MAX = 20;
const MESSAGE_CHARS_MAX = 500;

/** Every ValidationErrors message below a value, in order, each once: lines carry errors of their own. */
export function validationMessages(value: Json | undefined): string[] {
  const messages: string[] = [];
  const walk = (node: Json | undefined): void => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) {
      for (const member of node) walk(member);
      return;
    }
    for (const [name, member] of Object.entries(node)) {
      if (name === "ValidationErrors") messages.push(...messagesIn(member));
      else walk(member);
    }
  };
  walk(value);
  return [...new Set(messages)].slice(0, MESSAGES_MAX);
}

const messagesIn = (errors: Json): string[] =>
  (Array.isArray(errors) ? errors : []).flatMap((error) =>
    error !== null && typeof error === "object" && !Array.isArray(error) && typeof error.Message === "string"
      ? [error.Message.slice(0, MESSAGE_CHARS_MAX)]
      : [],
  );

/** Messages of a 400: those of its elements, else the one on top (bad JSON, a key used with another request). */
export function refusalMessages({ status, text }: Answered): string[] {
  const body = parseAnswer(text);
  const nested = validationMessages(body);
  if (nested.length > 0) return nested;
  const top = body !== null && typeof body === "object" && !Array.isArray(body) ? body.Message : undefined;
  return [
    typeof top === "string" && top !== ""
      ? top.slice(0, MESSAGE_CHARS_MAX)
      : `The ledger refused with HTTP ${status}.`,
  ];
}
