/** Orders now: post one, try one again, or take an unusual one as it is. */
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { type ApiEnv, actorOf } from "../auth/context.ts";
import { onConnection } from "../connection.ts";
import type { AppConfig } from "../ports.ts";
import { sendInvalid, sendOutcome } from "../problem.ts";
import { OrderParam, responsesOf, WaitQuery } from "../schemas/common.ts";
import { SyncOutcome } from "../schemas/records.ts";
import { guarded } from "./guarded.ts";

const hasten = (verb: "sync" | "retry") =>
  createRoute({
    method: "post",
    path: `/records/{order}/${verb}`,
    summary: `${verb === "sync" ? "Post this order now" : "Try a failed order again"}, by the approved mapping`,
    ...guarded("sync"),
    request: { params: OrderParam, query: WaitQuery },
    responses: responsesOf("the record, and whether it is settled", SyncOutcome),
  });

const accept = createRoute({
  method: "post",
  path: "/records/{order}/accept",
  summary: "Take an unusual order as it is, and post it; a person's decision",
  ...guarded("decide"),
  request: { params: OrderParam, query: WaitQuery },
  responses: responsesOf("the record, and whether it is settled", SyncOutcome),
});

export const hastenRoutes = ({ engine }: AppConfig) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(hasten("sync"), async (c) => {
      const { order: number } = c.req.valid("param");
      const { waitMs, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, query, (connection) => engine.sync(connection, number, { waitMs })),
      );
    })
    .openapi(accept, async (c) => {
      const { order: number } = c.req.valid("param");
      const { waitMs, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, query, (connection) =>
          engine.accept(connection, number, { waitMs }, actorOf(c)),
        ),
      );
    })
    .openapi(hasten("retry"), async (c) => {
      const { order: number } = c.req.valid("param");
      const { waitMs, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, query, (connection) => engine.retry(connection, number, { waitMs })),
      );
    });
