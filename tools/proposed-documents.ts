/** upsert_contact and create_invoice: both take an order number, never amounts or names, and prepare what the mapping says. */
import { z } from "zod";
import { ok, type Result } from "../engine/core/result.ts";
import { defineTool, type ToolContext, type ToolFailure } from "./define.ts";
import { failed } from "./failure.ts";
import { ProposalView, proposalView } from "./proposal-view.ts";
import { OrderNumber } from "./views.ts";

/** Steps of planSale. Payments are no part of it: they follow when the order is synced. */
const CONTACT = ["contact"] as const;
const INVOICE = ["contact", "invoice"] as const;

export const upsertContact = defineTool({
  name: "upsert_contact",
  title: "Prepare a contact",
  description:
    "Prepares the ledger contact of one order's customer by the approved mapping and shows it. It goes out only when a person " +
    "has approved it. It takes no name, e-mail address or other detail: those come from the order. Next: request_approval.",
  effect: "propose",
  input: z.object({ order: OrderNumber }),
  output: ProposalView,
  // An order number is an id of the engine's own list: nothing in the document can come from the session's text.
  taintFault: async () => undefined,
  run: ({ order }, context) => prepare(order, CONTACT, context),
});

export const createInvoice = defineTool({
  name: "create_invoice",
  title: "Prepare an invoice",
  description:
    "Prepares the invoice of one order (and its contact, where the ledger lacks it) by the approved mapping and shows every " +
    "line. It goes out only when a person has approved it. Amounts come from the engine. Use sync_order instead when the order " +
    "should simply be booked now as the mapping says. Next: request_approval.",
  effect: "propose",
  input: z.object({ order: OrderNumber }),
  output: ProposalView,
  taintFault: async () => undefined,
  run: ({ order }, context) => prepare(order, INVOICE, context),
});

async function prepare(
  order: string,
  steps: readonly string[],
  context: ToolContext,
): Promise<Result<z.input<typeof ProposalView>, ToolFailure>> {
  const { engine, connection, actor } = context;
  const proposed = await engine.proposeDocument(connection, { order, steps }, actor);
  return proposed.ok ? ok(proposalView(proposed.value, context)) : failed(proposed.error);
}
