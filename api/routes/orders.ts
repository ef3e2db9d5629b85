/** Orders as the store has them, what each becomes, and the records of those that were read. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { RecordState } from "../../engine/core/state.ts";
import type { ApiEnv } from "../auth/context.ts";
import { onConnection } from "../connection.ts";
import type { AppConfig } from "../ports.ts";
import { sendInvalid, sendOutcome } from "../problem.ts";
import {
  ConnectionQuery,
  OrderParam,
  PageQuery,
  pageOf,
  responsesOf,
  withoutUndefined,
} from "../schemas/common.ts";
import { Explanation, OrderRow, OrderView, PlanOutcome, RecordView } from "../schemas/records.ts";
import { guarded } from "./guarded.ts";

const search = createRoute({
  method: "get",
  path: "/orders",
  summary: "Orders, newest first",
  ...guarded("read"),
  request: {
    query: PageQuery.extend({
      state: RecordState.optional(),
      text: z.string().min(1).max(200).optional().describe("part of the order number"),
    }),
  },
  responses: responsesOf("a page of orders", pageOf(OrderRow)),
});

const order = createRoute({
  method: "get",
  path: "/orders/{order}",
  summary: "One order: the sale, why it is held, and its record",
  ...guarded("read"),
  request: { params: OrderParam, query: ConnectionQuery },
  responses: responsesOf("the order", OrderView),
});

const preview = createRoute({
  method: "get",
  path: "/orders/{order}/preview",
  summary: "What the order becomes by the approved mapping; nothing is saved",
  ...guarded("read"),
  request: { params: OrderParam, query: ConnectionQuery },
  responses: responsesOf("its documents, or why it is held", PlanOutcome),
});

const needsPerson = createRoute({
  method: "get",
  path: "/records",
  summary:
    "Records that need a person (held, failed, uncertain), newest first; for all states see /orders?state=",
  ...guarded("read"),
  request: { query: PageQuery },
  responses: responsesOf("a page of records", pageOf(RecordView)),
});

const record = createRoute({
  method: "get",
  path: "/records/{order}",
  summary: "The record of one order with its documents",
  ...guarded("read"),
  request: { params: OrderParam, query: ConnectionQuery },
  responses: responsesOf("the record", RecordView),
});

const explain = createRoute({
  method: "get",
  path: "/records/{order}/explain",
  summary: "Where each number came from",
  ...guarded("read"),
  request: {
    params: OrderParam,
    query: ConnectionQuery.extend({
      field: z.string().max(300).optional().describe("JSON Pointer of one field"),
    }),
  },
  responses: responsesOf("one explanation for each field", z.array(Explanation).readonly()),
});

export const orderRoutes = ({ engine }: AppConfig) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(search, async (c) => {
      const { connection: asked, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, { connection: asked }, (connection) =>
          engine.searchOrders(connection, withoutUndefined(query)),
        ),
      );
    })
    .openapi(order, async (c) => {
      const { order: number } = c.req.valid("param");
      return sendOutcome(
        c,
        await onConnection(engine, c.req.valid("query"), (connection) => engine.order(connection, number)),
      );
    })
    .openapi(preview, async (c) => {
      const { order: number } = c.req.valid("param");
      return sendOutcome(
        c,
        await onConnection(engine, c.req.valid("query"), (connection) => engine.preview(connection, number)),
      );
    })
    .openapi(needsPerson, async (c) => {
      const { connection: asked, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, { connection: asked }, (connection) =>
          engine.failed(connection, withoutUndefined(query)),
        ),
      );
    })
    .openapi(record, async (c) => {
      const { order: number } = c.req.valid("param");
      return sendOutcome(
        c,
        await onConnection(engine, c.req.valid("query"), (connection) => engine.record(connection, number)),
      );
    })
    .openapi(explain, async (c) => {
      const { order: number } = c.req.valid("param");
      const { field, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, query, (connection) => engine.explain(connection, number, field)),
      );
    });
