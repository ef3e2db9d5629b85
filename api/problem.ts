/** RFC 9457 problem details: one shape for every refusal, with a `kind` for programs and `next` for people. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { EngineError } from "../engine/api.ts";
import { never } from "../engine/core/assert.ts";
import { Held } from "../engine/core/hold.ts";
import type { Result } from "../engine/core/result.ts";
import type { Log, Unreachable } from "../engine/ports.ts";

const FieldFault = z.object({
  path: z.string().describe("JSON Pointer or the name of the field"),
  message: z.string(),
  nearest: z.array(z.string()).readonly().describe("the closest values that would be accepted"),
});

export const Problem = z
  .object({
    type: z.string().describe("urn:counterfoil:problem:<kind>"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("what was found and what was expected"),
    kind: z.string().describe("for programs: branch on this, never on the text"),
    next: z.string().describe("the next useful action"),
    errors: z.array(FieldFault).readonly().optional(),
    held: Held.optional(),
    expected: z.int().optional().describe("confirmOrders: the count to send back"),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;

const STATUSES = [400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 502, 503] as const;
export type ProblemStatus = (typeof STATUSES)[number];

/** What a route refuses with; the status and the words follow from the kind. */
export type Refused = {
  readonly kind: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  readonly next: string;
  readonly errors?: readonly z.infer<typeof FieldFault>[];
  readonly held?: z.infer<typeof Held>;
  readonly expected?: number;
  readonly retryAfterSeconds?: number;
};

const TITLES: Record<ProblemStatus, string> = {
  400: "The request cannot be read",
  401: "Sign in first",
  403: "Not allowed",
  404: "Not found",
  409: "Not possible in this state",
  410: "No longer there",
  413: "Too large",
  422: "Something in the request is wrong",
  429: "Too many at once",
  500: "A fault of ours",
  502: "The store or the ledger gave no answer",
  503: "Not possible right now",
};

export function sendProblem(c: Context, refused: Refused) {
  const { kind, status, detail, next, retryAfterSeconds, ...more } = refused;
  if (retryAfterSeconds !== undefined) c.header("Retry-After", String(Math.ceil(retryAfterSeconds)));
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="counterfoil"');
  const problem: Problem = {
    type: `urn:counterfoil:problem:${kind}`,
    title: TITLES[status],
    status,
    detail,
    kind,
    next,
    ...more,
  };
  return c.json(problem, status, { "Content-Type": "application/problem+json" });
}

/** The value as JSON, or the problem: how every route answers an engine outcome. */
export const sendOutcome = <T>(c: Context, outcome: Result<T, EngineError>) =>
  outcome.ok ? c.json(outcome.value, 200) : sendProblem(c, refusedBy(outcome.error));

/** The one place where an engine error becomes an HTTP status. */
export function refusedBy(error: EngineError): Refused {
  const detail = error.message;
  switch (error.kind) {
    case "unknownConnection":
      return { kind: error.kind, status: 404, detail, next: "Choose one of the connections that there are." };
    case "notFound":
      return { kind: error.kind, status: 404, detail, next: "Check the number or id." };
    case "invalid": {
      const errors = error.problems.map(({ path, message, nearest }) => ({
        path,
        message,
        nearest: [...nearest],
      }));
      return {
        kind: error.kind,
        status: 422,
        detail,
        errors,
        next: "Correct what is named and try again.",
      };
    }
    case "noMapping":
      return { kind: error.kind, status: 409, detail, next: "Propose the first mapping and approve it." };
    case "held":
      return { kind: error.kind, status: 409, detail, held: error.held, next: error.held.action };
    case "stale":
      return { kind: error.kind, status: 409, detail, next: "Look at it again, or propose it anew." };
    case "forbidden":
      return { kind: error.kind, status: 403, detail, next: "A person with the role approver decides this." };
    case "upstream":
      return refusedUpstream(detail, error.cause);
    default:
      return never(error);
  }
}

function refusedUpstream(detail: string, cause: Unreachable): Refused {
  switch (cause.kind) {
    case "unauthorised":
      return { kind: cause.kind, status: 502, detail, next: "Connect that account again." };
    case "rateLimited": {
      const { kind, retryAfterSeconds } = cause;
      const next = `Wait ${Math.ceil(retryAfterSeconds)} s; queued documents go out by themselves.`;
      return { kind, status: 503, detail, retryAfterSeconds, next };
    }
    case "unavailable":
      return { kind: cause.kind, status: 502, detail, next: "Try again in a minute." };
    case "notFound":
      return { kind: cause.kind, status: 404, detail, next: "Check the number; the store does not know it." };
    default:
      return never(cause);
  }
}

type Validated = { readonly target: string; readonly success: boolean; readonly error?: z.ZodError };

/** The one 422 shape of all routes: the field is named, in the body as a JSON Pointer. */
export function sendInvalid(validated: Validated, c: Context) {
  if (validated.success || validated.error === undefined) return undefined;
  const errors = validated.error.issues.map(({ path, message }) => ({
    path:
      validated.target === "json" ? `/${path.map(String).join("/")}` : path.map(String).join(".") || "query",
    message,
    nearest: [],
  }));
  const [first] = errors;
  const detail = first === undefined ? "The request is not valid." : `${first.path}: ${first.message}`;
  return sendProblem(c, {
    kind: "invalid",
    status: 422,
    detail,
    errors,
    next: "Correct what `errors` names; GET /docs shows the shape.",
  });
}

/** What was thrown is a bug of ours, or Hono's own refusal of a broken request. Its text stays in the log. */
export const sendThrown =
  (log: Log) =>
  (thrown: Error, c: Context): Response | Promise<Response> => {
    if (thrown instanceof HTTPException && thrown.status < 500) {
      return sendProblem(c, {
        kind: "unreadable",
        status: 400,
        detail: "The body is not valid JSON.",
        next: "Send one JSON document with Content-Type application/json.",
      });
    }
    log("api.failed", { route: c.req.routePath, method: c.req.method, error: thrown.name });
    return sendProblem(c, {
      kind: "internal",
      status: 500,
      detail: "Something went wrong on our side; nothing was changed by this request.",
      next: "Try once more; if it stays, look for api.failed in the log.",
    });
  };
