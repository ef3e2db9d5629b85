/** Records, orders, previews and explanations as JSON. */
import { z } from "@hono/zod-openapi";
import type * as Engine from "../../engine/api.ts";
import { Held } from "../../engine/core/hold.ts";
import { DocumentPlan, Lineage, PlannedDocument } from "../../engine/core/plan.ts";
import { CanonicalSale } from "../../engine/core/sale.ts";
import { DocumentState, RecordState } from "../../engine/core/state.ts";
import { AnyObject } from "./common.ts";

const DocumentView = z.strictObject({
  id: z.string(),
  step: z.string(),
  resource: z.string(),
  state: DocumentState,
  number: z.string().nullable(),
  ledgerId: z.string().nullable(),
  ledgerUrl: z.string().nullable(),
  total: z.string().nullable(),
  currency: z.string().nullable(),
  attempt: z.int(),
  error: z.strictObject({ kind: z.string(), messages: z.array(z.string()).readonly() }).nullable(),
  specVersion: z.int(),
});

const RecordShape = z.strictObject({
  id: z.string(),
  order: z.string().describe("Magento increment_id"),
  state: RecordState,
  hold: Held.nullable(),
  currency: z.string().nullable(),
  total: z.string().nullable().describe("the store's grand total, decimal text"),
  placedAt: z.string().nullable(),
  changedAt: z.string(),
  documents: z.array(DocumentView).readonly(),
});
export const RecordView: z.ZodType<Engine.RecordView> = RecordShape.meta({ id: "Record" });

export const OrderRow: z.ZodType<Engine.OrderRow> = z
  .strictObject({
    order: z.string(),
    placedAt: z.string().nullable(),
    state: RecordState,
    storeState: z.string().nullable(),
    currency: z.string().nullable(),
    total: z.string().nullable(),
    paymentMethod: z.string().nullable(),
    hold: z.string().nullable(),
  })
  .meta({ id: "OrderRow" });

export const OrderView: z.ZodType<Engine.OrderView> = z
  .strictObject({
    sale: CanonicalSale.meta({ id: "CanonicalSale" }).nullable(),
    hold: Held.nullable(),
    record: RecordView.nullable(),
  })
  .meta({ id: "Order" });

/** Zod's recursive JSON value has no OpenAPI form, so the body is an object of anything here. */
export const Plan = DocumentPlan.extend({
  documents: z.array(PlannedDocument.extend({ body: AnyObject })),
}).meta({ id: "DocumentPlan" }) as unknown as typeof DocumentPlan;

export const PlanOutcome: z.ZodType<Engine.PlanOutcome> = z
  .discriminatedUnion("status", [
    z.strictObject({ status: z.literal("planned"), order: z.string(), plan: Plan }),
    z.strictObject({ status: z.literal("held"), order: z.string(), held: Held }),
  ])
  .meta({ id: "PlanOutcome" });

export const Explanation = z
  .strictObject({
    step: z.string(),
    resource: z.string(),
    field: z.string().describe("JSON Pointer into the posted body"),
    value: z.unknown(),
    lineage: Lineage,
    sentence: z.string(),
  })
  .meta({ id: "Explanation" }) as unknown as z.ZodType<Engine.Explanation>;

export const SyncOutcome: z.ZodType<Engine.SyncOutcome> = z
  .strictObject({ order: z.string(), record: RecordView, settled: z.boolean() })
  .meta({ id: "SyncOutcome" });
