/** The live status as server-sent events, for pages and dashboards. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiEnv } from "../auth/context.ts";
import { chosenConnection } from "../connection.ts";
import type { Live } from "../live.ts";
import type { AppConfig, Timing } from "../ports.ts";
import { Problem, refusedBy, sendInvalid, sendProblem } from "../problem.ts";
import { ConnectionQuery } from "../schemas/common.ts";
import { type SentEvent, sendEvents } from "../sse.ts";
import { guarded } from "./guarded.ts";

const events = createRoute({
  method: "get",
  path: "/events",
  summary: "`status` now and whenever it changes, `trouble` when it cannot be read",
  ...guarded("read"),
  request: { query: ConnectionQuery },
  responses: {
    200: { description: "the stream", content: { "text/event-stream": { schema: z.string() } } },
    default: {
      description: "a problem (RFC 9457)",
      content: { "application/problem+json": { schema: Problem } },
    },
  },
});

type EventDeps = { readonly live: Live; readonly timing: Timing; readonly stopping: AbortSignal };

export const eventRoutes = ({ engine }: AppConfig, { live, timing, stopping }: EventDeps) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid }).openapi(events, async (c) => {
    const chosen = await chosenConnection(engine, c.req.valid("query").connection);
    if (!chosen.ok) return sendProblem(c, refusedBy(chosen.error));
    return sendEvents(c, { heartbeatMs: timing.heartbeatMs, stopping }, (gone) =>
      sentEvents(live, chosen.value, gone),
    );
  });

/** The newest status says everything, so ids only count and a reader that comes back just starts again. */
async function* sentEvents(live: Live, connection: string, gone: AbortSignal): AsyncIterable<SentEvent> {
  let number = 0;
  for await (const event of live.watch(connection, gone)) {
    number += 1;
    const { type, ...data } = event;
    yield { id: String(number), event: type, data: JSON.stringify(type === "status" ? event.status : data) };
  }
}
