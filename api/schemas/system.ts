/** Connections, status, the shop's and the organisation's lists, tools and the caller, as JSON. */
import { z } from "@hono/zod-openapi";
import type * as Engine from "../../engine/api.ts";
import { Org, StoreProfile } from "../../engine/core/org.ts";
import { DocumentState, RecordState } from "../../engine/core/state.ts";
import { AnyObject } from "./common.ts";

const Environment = z.enum(["sandbox", "production"]);

export const Connections = z
  .array(
    z
      .strictObject({
        id: z.string(),
        name: z.string(),
        environment: Environment,
        storeUrl: z.string(),
        ledgerName: z.string(),
      })
      .meta({ id: "Connection" }) satisfies z.ZodType<Engine.ConnectionInfo>,
  )
  .readonly();

export const Status: z.ZodType<Engine.Status> = z
  .strictObject({
    connection: z.string(),
    environment: Environment,
    specVersion: z.int().nullable(),
    records: z.record(RecordState, z.int()),
    documents: z.partialRecord(DocumentState, z.int()) as unknown as z.ZodType<Engine.Status["documents"]>,
    queue: z.strictObject({ waiting: z.int(), oldestSeconds: z.number().nullable() }),
    budget: z.strictObject({
      minuteLeft: z.int(),
      dayLeft: z.int(),
      blockedUntil: z.string().nullable(),
    }),
    postedTotals: z
      .array(
        z.strictObject({
          currency: z.string(),
          store: z.string(),
          ledger: z.string(),
          difference: z.string(),
        }),
      )
      .readonly(),
    completeAsOf: z.string().nullable(),
    openProposals: z.int(),
  })
  .meta({ id: "Status" });

export const Profile = z
  .strictObject({
    org: Org.meta({ id: "Org" }),
    store: StoreProfile.meta({ id: "StoreProfile" }),
    asOf: z.string(),
  })
  .meta({ id: "Profile" });

export const Tool = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    effect: z.enum(["read", "propose", "act", "ask"]),
    inputSchema: AnyObject,
    outputSchema: AnyObject,
    annotations: AnyObject,
  })
  .meta({ id: "Tool" });

/** What the tool answered. A failed call is an answer too, with what to do next; only the road to the tool fails by status. */
export const ToolOutcome = z
  .discriminatedUnion("ok", [
    z.strictObject({ ok: z.literal(true), value: AnyObject.readonly() }),
    z.strictObject({
      ok: z.literal(false),
      error: z.strictObject({ kind: z.string(), message: z.string(), next: z.string() }),
    }),
  ])
  .meta({ id: "ToolOutcome" });

export const Me = z
  .strictObject({
    actor: z.strictObject({ id: z.string(), name: z.string(), role: z.string(), model: z.boolean() }),
    may: z.array(z.string()).describe("permissions"),
    version: z.string(),
  })
  .meta({ id: "Me" });
