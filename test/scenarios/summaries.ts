/** Closing a day as the worker does it: the orders that wait for its summary, planned alone and added up. */
import type { MappingSpec } from "../../engine/core/mapping.ts";
import type { Org } from "../../engine/core/org.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import type { PostedDocument } from "../../engine/core/plan-input.ts";
import { planAlone } from "../../engine/core/plan-sale.ts";
import { planDaySummary } from "../../engine/core/plan-summary.ts";
import type { CanonicalSale } from "../../engine/core/sale.ts";
import { shareOf, summaryDay } from "../../engine/core/summary-member.ts";
import { withTables } from "../../engine/core/testing.ts";
import { only } from "./rules.ts";

export type Shop = { readonly spec: MappingSpec; readonly org: Org };

export const summed = (spec: MappingSpec): MappingSpec =>
  withTables(spec, { documentUnit: only({ kind: "unit", unit: "daySummary" }) });

/** The plan that an order has when it goes singly. */
export function alone(sale: CanonicalSale, shop: Shop): DocumentPlan {
  const plan = planAlone({ sale, ...shop });
  if (!plan.ok) throw new Error(`held: ${plan.error.hold} ${plan.error.detail}`);
  return plan.value;
}

/** The summary of orders of one day. */
export function summaryOf(members: readonly DocumentPlan[], shop: Shop, sequence = 1): DocumentPlan {
  const [first] = members;
  if (first === undefined) throw new Error("a summary has orders");
  return planDaySummary({
    ...shop,
    store: "1",
    day: summaryDay(first),
    currency: shop.org.baseCurrency,
    sequence,
    members,
  });
}

/** What the ledger has of an order once the summary that it is in was posted. */
export const postedIn = (summary: DocumentPlan, member: DocumentPlan): PostedDocument[] =>
  summary.documents.map(({ step, resource, identity, body, lineage }) => ({
    step,
    resource,
    identity,
    body,
    lineage,
    ledgerId: `id-of-${step}`,
    ...(step === "invoice" && { share: shareOf(member) }),
  }));
