/** Status, connections, published mappings, the shop's and the organisation's lists, setup and import. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Json } from "../../engine/core/shapes.ts";
import { type ApiEnv, actorOf } from "../auth/context.ts";
import { onConnection } from "../connection.ts";
import type { AppConfig } from "../ports.ts";
import { sendInvalid, sendOutcome } from "../problem.ts";
import { companyOf } from "../proposals/decide.ts";
import { openViewer, viewOf } from "../proposals/view.ts";
import {
  bodyOf,
  ConnectionQuery,
  PageQuery,
  pageOf,
  responsesOf,
  withoutUndefined,
} from "../schemas/common.ts";
import { ProposalView, Spec } from "../schemas/proposals.ts";
import { Connections, Profile, Status } from "../schemas/system.ts";
import { guarded } from "./guarded.ts";

const ORDERS_MAX = 1_000;

const status = createRoute({
  method: "get",
  path: "/status",
  summary: "Counts by state, queue, budget, both sides' totals",
  ...guarded("read"),
  request: { query: ConnectionQuery },
  responses: responsesOf("the status", Status),
});

const connections = createRoute({
  method: "get",
  path: "/connections",
  summary: "Each store with the ledger it is bound to",
  ...guarded("read"),
  responses: responsesOf("all connections", Connections),
});

const profile = createRoute({
  method: "get",
  path: "/profile",
  summary: "Chart of accounts, tax rates, tracking categories and the shop's own lists",
  ...guarded("read"),
  request: {
    query: ConnectionQuery.extend({
      refresh: z.enum(["true", "false"]).default("false").describe("read both again first"),
    }),
  },
  responses: responsesOf("both lists and when they were read", Profile),
});

const specs = createRoute({
  method: "get",
  path: "/specs",
  summary: "Published mappings, newest first",
  ...guarded("read"),
  request: { query: PageQuery },
  responses: responsesOf("a page of versions", pageOf(Spec)),
});

const specVersion = createRoute({
  method: "get",
  path: "/specs/{version}",
  summary: "One published mapping; `current` is the live one",
  ...guarded("read"),
  request: {
    params: z.object({
      version: z.union([
        z.literal("current"),
        z.string().regex(/^[1-9]\d{0,8}$/, "a version number, or current"),
      ]),
    }),
    query: ConnectionQuery,
  },
  responses: responsesOf("the mapping", Spec),
});

const setup = createRoute({
  method: "post",
  path: "/setup",
  summary: "Propose the first mapping from the chart of accounts, the tax rates and the store's settings",
  ...guarded("propose"),
  request: {
    query: ConnectionQuery,
    body: bodyOf(
      z.strictObject({
        answers: z
          .record(z.string().max(100), z.string().max(200))
          .default({})
          .describe("question id -> value"),
      }),
    ),
  },
  responses: responsesOf("the proposal, with the questions that are still open", ProposalView),
});

const importOrders = createRoute({
  method: "post",
  path: "/import",
  summary: "Put Magento order JSON into the demo store: one order, an array, or {items}",
  ...guarded("import"),
  request: {
    query: ConnectionQuery,
    body: bodyOf(
      z
        .union([z.array(z.unknown()).min(1).max(ORDERS_MAX), z.record(z.string(), z.unknown())])
        .describe("an order as Magento's REST API gives it, an array of orders, or {items: [...]}"),
    ),
  },
  responses: responsesOf("the order numbers", z.object({ imported: z.array(z.string()).readonly() })),
});

export const systemRoutes = ({ engine, auth, clock }: AppConfig) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(status, async (c) =>
      sendOutcome(
        c,
        await onConnection(engine, c.req.valid("query"), (connection) => engine.status(connection)),
      ),
    )
    .openapi(connections, async (c) => c.json(await engine.connections(), 200))
    .openapi(profile, async (c) => {
      const { refresh, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, query, (connection) =>
          engine.profile(connection, { refresh: refresh === "true" }),
        ),
      );
    })
    .openapi(specs, async (c) => {
      const { connection: asked, ...query } = c.req.valid("query");
      return sendOutcome(
        c,
        await onConnection(engine, { connection: asked }, (connection) =>
          engine.specs(connection, withoutUndefined(query)),
        ),
      );
    })
    .openapi(specVersion, async (c) => {
      const { version } = c.req.valid("param");
      return sendOutcome(
        c,
        await onConnection(engine, c.req.valid("query"), (connection) =>
          version === "current"
            ? engine.currentSpec(connection)
            : engine.specVersion(connection, Number(version)),
        ),
      );
    })
    .openapi(setup, async (c) => {
      const { answers } = c.req.valid("json");
      const actor = actorOf(c);
      const outcome = await onConnection(engine, c.req.valid("query"), async (connection) => {
        const proposal = await engine.proposeSetup(connection, answers, actor);
        if (!proposal.ok) return proposal;
        const company = await companyOf({ engine, auth, clock }, connection, actor);
        return viewOf(await openViewer(engine, connection, company), proposal.value);
      });
      return sendOutcome(c, outcome);
    })
    .openapi(importOrders, async (c) => {
      const orders = ordersOf(c.req.valid("json"));
      return sendOutcome(
        c,
        await onConnection(engine, c.req.valid("query"), (connection) =>
          engine.importOrders(connection, orders),
        ),
      );
    });

type ImportBody = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One order, an array of them, or Magento's own page. What an order must have is the engine's to say. */
function ordersOf(body: ImportBody): readonly Json[] {
  // The body came out of a JSON parser, so its members are JSON.
  if (isList(body)) return body as readonly Json[];
  const { items } = body;
  const isPage = Array.isArray(items) && !("increment_id" in body);
  return (isPage ? items : [body]) as readonly Json[];
}

const isList = (body: ImportBody): body is readonly unknown[] => Array.isArray(body);
