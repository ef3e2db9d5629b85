/** The assistant over server-sent events: start a run, follow or resume it, stop it. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type ApiEnv, actorOf } from "../auth/context.ts";
import type { Run, Runs } from "../chat/runs.ts";
import { chosenConnection } from "../connection.ts";
import { type AppConfig, MODEL_CHOICES, type Timing } from "../ports.ts";
import { Problem, type Refused, refusedBy, sendInvalid, sendProblem } from "../problem.ts";
import { bodyOf, ConnectionQuery } from "../schemas/common.ts";
import { type SentEvent, sendEvents } from "../sse.ts";
import { guarded } from "./guarded.ts";

const TEXT_MAX = 8_000;
export const RUN_HEADER = "Counterfoil-Run";

const eventStream = {
  200: {
    description:
      "text, tool, result, proposal, then done or error; each has an id. The header Counterfoil-Run names the run.",
    content: { "text/event-stream": { schema: z.string() } },
  },
  default: {
    description: "a problem (RFC 9457)",
    content: { "application/problem+json": { schema: Problem } },
  },
};
const RunParam = z.object({ run: z.string().min(1).max(100) });

const start = createRoute({
  method: "post",
  path: "/chat",
  summary: "Ask the assistant; the answer streams",
  ...guarded("chat"),
  request: {
    query: ConnectionQuery,
    body: bodyOf(
      z.strictObject({
        text: z.string().trim().min(1).max(TEXT_MAX),
        session: z
          .string()
          .regex(/^[\w-]{1,100}$/, "letters, digits, - and _")
          .optional()
          .describe("the conversation to go on with; a new one when left out"),
        model: z.enum(MODEL_CHOICES).optional().describe("default: as the server was started"),
      }),
    ),
  },
  responses: eventStream,
});

const resume = createRoute({
  method: "get",
  path: "/chat/{run}/events",
  summary: "Follow a run again, after the last event that was seen",
  ...guarded("chat"),
  request: {
    params: RunParam,
    query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    headers: z.object({ "last-event-id": z.coerce.number().int().min(0).optional() }),
  },
  responses: eventStream,
});

const stop = createRoute({
  method: "post",
  path: "/chat/{run}/stop",
  summary: "Stop a run at its next step",
  ...guarded("chat"),
  request: { params: RunParam },
  responses: {
    204: { description: "it stops" },
    default: {
      description: "a problem (RFC 9457)",
      content: { "application/problem+json": { schema: Problem } },
    },
  },
});

type ChatDeps = {
  readonly runs: Runs;
  readonly timing: Timing;
  readonly stopping: AbortSignal;
};

export const chatRoutes = ({ engine, ids }: AppConfig, { runs, timing, stopping }: ChatDeps) => {
  const follow = (c: Context, run: Run, after: number): Response => {
    c.header(RUN_HEADER, run.id);
    return sendEvents(c, { heartbeatMs: timing.heartbeatMs, stopping }, (gone) =>
      sentEvents(runs, { run, after, gone }),
    );
  };
  return new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(start, async (c) => {
      const chosen = await chosenConnection(engine, c.req.valid("query").connection);
      if (!chosen.ok) return sendProblem(c, refusedBy(chosen.error));
      const { text, session = ids.next(), model } = c.req.valid("json");
      const actor = actorOf(c);
      // A conversation belongs to its person: the same name used by somebody else is another one.
      const run = runs.start({
        connection: chosen.value,
        text,
        actor,
        session: `${actor.id}:${session}`,
        ...(model === undefined ? {} : { model }),
      });
      return run.ok ? follow(c, run.value, 0) : sendProblem(c, run.error);
    })
    .openapi(resume, (c) => {
      const run = runs.find(c.req.valid("param").run, actorOf(c));
      if (run === undefined) return sendProblem(c, NO_RUN);
      const after = c.req.valid("query").after ?? c.req.valid("header")["last-event-id"] ?? 0;
      return follow(c, run, after);
    })
    .openapi(stop, (c) => {
      const run = runs.find(c.req.valid("param").run, actorOf(c));
      if (run === undefined) return sendProblem(c, NO_RUN);
      run.stop.abort();
      return c.body(null, 204);
    });
};

const NO_RUN: Refused = {
  kind: "notFound",
  status: 404,
  detail: "There is no such run; runs are kept for ten minutes after their end.",
  next: "Ask again with POST /api/chat.",
};

async function* sentEvents(
  runs: Runs,
  { run, after, gone }: { readonly run: Run; readonly after: number; readonly gone: AbortSignal },
): AsyncIterable<SentEvent> {
  for await (const { number, event } of runs.follow(run, after, gone)) {
    yield { id: String(number), event: event.t, data: JSON.stringify(event) };
  }
}
