import { z } from "zod";
import { Edits } from "../engine/core/edits.ts";
import { TABLES, TableName } from "../engine/core/mapping.ts";
import { ok } from "../engine/core/result.ts";
import { closedSetFault } from "./closed-sets.ts";
import { defineTool } from "./define.ts";
import { failed, failureOf } from "./failure.ts";
import { ProposalView, proposalView } from "./proposal-view.ts";

const TITLE_MAX = 120;
/** What an approver sees in front of a proposal from a session that has read strangers' text. */
const TAINT_BADGE = "[after reading untrusted text]";

const TABLES_IN_WORDS = TableName.options
  .map((name) => {
    const { outcomes, facts } = TABLES[name];
    return `${name} (${outcomes.join(", ") || "hold only"}; ${facts === "order" ? "order and payment" : `order, payment and ${facts}`})`;
  })
  .join("; ");

export const proposeMapping = defineTool({
  name: "propose_mapping",
  title: "Propose a mapping change",
  description:
    "Proposes a change of how future orders are booked, as typed edits on the current mapping. Nothing changes until a person " +
    "approves. First read get_mapping, get_chart_of_accounts, list_tax_rates, list_tracking_categories and get_store_profile; " +
    "use only codes and names from there. Put specific rules first (position first). When two readings are possible or a value " +
    "does not exist, ask the person instead. What belongs together: visible discounts need setSetting discounts and " +
    "setOtherwise discountAccount; drafts take no payments, so invoiceStatus DRAFT needs payment unpaid; a tracking rule needs " +
    "its category in tracking1Category or tracking2Category; an order that is zero-rated as a whole needs taxType and " +
    "shippingTaxType. The answer holds the replay over past orders: report its figures, never your own, and give the link " +
    "(request_approval). On a failure of kind invalid, correct exactly what it names. Tables, with the outcomes of their rules " +
    `(hold besides) and the facts that they read: ${TABLES_IN_WORDS}.`,
  effect: "propose",
  input: z.object({
    title: z
      .string()
      .min(1)
      .max(TITLE_MAX)
      .describe("the wish in one short line, for the person who approves"),
    edits: Edits.describe("typed edits, applied in this order"),
  }),
  output: ProposalView,
  taintFault: async ({ edits }, { engine, connection }) => {
    const lists = await engine.profile(connection);
    return lists.ok ? closedSetFault(edits, lists.value) : failureOf(lists.error);
  },
  run: async ({ title, edits }, context) => {
    const { engine, connection, actor, session } = context;
    const badged = session.tainted ? `${TAINT_BADGE} ${title}` : title;
    const proposed = await engine.proposeMapping(connection, { title: badged, edits }, actor);
    return proposed.ok ? ok(proposalView(proposed.value, context)) : failed(proposed.error);
  },
});
