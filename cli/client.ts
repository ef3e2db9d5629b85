/** HTTP to the owner. Every command but `plan` goes through here; the page uses the same routes. */
import { z } from "zod";
import { err, ok, type Result } from "../engine/core/result.ts";
import { EXIT, type Failure, failed } from "./exit.ts";
import { readEvents, type ServerEvent } from "./server-events.ts";

export type Client = {
  readonly url: string;
  get<T>(path: string, schema: z.ZodType<T>): Promise<Result<T, Failure>>;
  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<Result<T, Failure>>;
  /** JSON text as it is: amounts of an order file keep their digits. */
  postText<T>(path: string, text: string, schema: z.ZodType<T>): Promise<Result<T, Failure>>;
  stream(path: string, body: unknown): Promise<Result<AsyncIterable<ServerEvent>, Failure>>;
};

export type ClientConfig = {
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The problem of RFC 9457 as far as a terminal shows it. */
const Problem = z.looseObject({
  kind: z.string(),
  detail: z.string(),
  next: z.string(),
  errors: z
    .array(z.looseObject({ path: z.string(), message: z.string(), nearest: z.array(z.string()) }))
    .optional(),
});

export function createClient(config: ClientConfig): Client {
  const asJson = async <T>(sent: Promise<Result<Response, Failure>>, schema: z.ZodType<T>) => {
    const response = await sent;
    return response.ok ? bodyOf(response.value, schema) : response;
  };
  const post = (path: string, text: string) => send(config, path, { method: "POST", body: text });
  return {
    url: config.url,
    get: (path, schema) => asJson(send(config, path, { method: "GET" }), schema),
    post: (path, body, schema) => asJson(post(path, JSON.stringify(body)), schema),
    postText: (path, text, schema) => asJson(post(path, text), schema),
    async stream(path, body) {
      const response = await post(path, JSON.stringify(body));
      return response.ok ? ok(readEvents(response.value)) : response;
    },
  };
}

async function send(
  { url, token, signal, headers: more }: ClientConfig,
  path: string,
  { method, body }: { readonly method: string; readonly body?: string },
): Promise<Result<Response, Failure>> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", ...more };
  try {
    const request = { method, headers, signal, ...(body === undefined ? {} : { body }) };
    const response = await fetch(new URL(path, url), request);
    return response.ok ? ok(response) : err(await failureOf(response));
  } catch (error) {
    if (signal.aborted) return err(failed("stopped", "Stopped.", ""));
    return err(
      failed(
        "noAnswer",
        `Counterfoil at ${url} does not answer: ${reasonOf(error)}.`,
        "Run the command again.",
      ),
    );
  }
}

async function bodyOf<T>(response: Response, schema: z.ZodType<T>): Promise<Result<T, Failure>> {
  const parsed = schema.safeParse(await response.json());
  if (parsed.success) return ok(parsed.data);
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  const message = `The answer of ${new URL(response.url).pathname} has another shape than expected (${where}).`;
  return err(
    failed(
      "wrongVersion",
      message,
      "The running Counterfoil may be another version: stop it, then start it again.",
    ),
  );
}

/** What a refusal means for the exit code: held is 3, what the caller can correct is 2, everything else 1. */
async function failureOf(response: Response): Promise<Failure> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined));
  if (!problem.success) {
    return failed("noAnswer", `Counterfoil answered with status ${response.status}.`, "Look into its log.");
  }
  const { kind, detail, next, errors = [] } = problem.data;
  const faults = errors
    .filter(({ message }) => !detail.includes(message))
    .map(({ path, message, nearest }) => {
      const hint = nearest.length === 0 ? "" : ` Nearest: ${nearest.join(", ")}.`;
      return `\n  ${path}: ${message}${hint}`;
    });
  return { exit: exitOf(kind, response.status), kind, message: detail + faults.join(""), next };
}

function exitOf(kind: string, status: number): Failure["exit"] {
  if (kind === "held") return EXIT.held;
  return status === 400 || status === 404 || status === 413 || status === 422 ? EXIT.badInput : EXIT.failed;
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
};

/** `/api/x?a=b` with what is defined. */
export function pathWith(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
