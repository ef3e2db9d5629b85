/** What tools show of a proposal: the edits, the replay that proves them, and where a person decides. */
import { z } from "zod";
import type { Proposal } from "../engine/api.ts";
import { Edit } from "../engine/core/edits.ts";
import type { Replay } from "../engine/core/replay.ts";
import { Question } from "../engine/core/setup-notes.ts";
import type { ToolContext } from "./define.ts";
import { capped } from "./untrusted.ts";
import { PlanView, planView } from "./views.ts";

const CHANGES_SHOWN_MAX = 20;
const EXAMPLES_SHOWN_MAX = 5;
const DIFFERENCES_SHOWN_MAX = 12;

/** Fields of the ledger documents whose values are codes, dates or amounts; values of all other fields may hold buyers' text. */
const CODED =
  /^(?:.*[/. ])?(?:account|accountCode|code|taxType|tax|taxAmount|total|amount|lineAmount|unitAmount|lines|status|date|dueDate|currency|currencyCode|invoiceNumber|quantity|lineAmountTypes|option)$/i;
const WITHHELD = "(text, not shown)";

const Difference = z.object({
  step: z.string(),
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

export const ReplayView = z.object({
  orders: z.int().describe("past orders replayed"),
  from: z.string().nullable(),
  to: z.string().nullable(),
  changed: z.int().describe("orders whose documents would differ"),
  totalsChanged: z.int().describe("orders whose invoice total would differ"),
  difference: z
    .array(z.object({ currency: z.string(), amount: z.string() }))
    .describe("sum of the total differences by currency"),
  newlyHeld: z.int().describe("orders that would now wait for a person"),
  newlyPlanned: z.int().describe("orders that waited and would now be booked"),
  stillHeld: z.int(),
  heldBy: z.array(z.object({ hold: z.string(), orders: z.int() })),
  changes: z
    .array(
      z.object({
        field: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        orders: z.int(),
      }),
    )
    .describe("kinds of change with the number of orders, most first"),
  examples: z
    .array(
      z.object({
        order: z.string(),
        currency: z.string(),
        total: z.string(),
        differences: z.array(Difference),
      }),
    )
    .describe("a few orders in detail"),
  sentence: z.string().describe("the result in one sentence"),
});
type ReplayView = z.input<typeof ReplayView>;

export const Approve = z.object({
  url: z.string().describe("page where a person sees the proof and decides"),
  command: z.string().describe("the same in a terminal"),
});

export const ProposalView = z.object({
  proposal: z.string().describe("id"),
  kind: z.string().describe("mapping, setup or document"),
  title: z.string(),
  state: z.string().describe("open, approved, rejected or stale"),
  baseVersion: z.int().describe("mapping version that the edits start from"),
  publishedVersion: z.int().nullable(),
  edits: z.array(Edit),
  questions: z.array(Question).describe("what a person still has to answer; empty when all is known"),
  replay: ReplayView.nullable().describe("proof over past orders; the only source for figures in an answer"),
  document: z
    .object({ order: z.string(), steps: z.array(z.string()), plan: PlanView })
    .nullable()
    .describe("of a prepared document: exactly what would be posted"),
  approve: Approve,
});

export const approveOf = (id: string, context: ToolContext): z.input<typeof Approve> => ({
  url: String(context.links.proposal(id)),
  command: `npx counterfoil proposals approve ${id} --connection ${context.connection}`,
});

export const proposalView = (proposal: Proposal, context: ToolContext): z.input<typeof ProposalView> => ({
  proposal: proposal.id,
  kind: proposal.kind,
  title: capped(proposal.title),
  state: proposal.state,
  baseVersion: proposal.baseVersion,
  publishedVersion: proposal.publishedVersion,
  edits: [...proposal.edits],
  questions: [...proposal.questions],
  replay: proposal.replay === null ? null : replayView(proposal.replay),
  document:
    proposal.document === null
      ? null
      : {
          order: proposal.document.order,
          steps: [...proposal.document.steps],
          plan: planView(proposal.document.plan),
        },
  approve: approveOf(proposal.id, context),
});

const replayView = (replay: Replay): ReplayView => ({
  ...replay,
  changes: replay.changes.slice(0, CHANGES_SHOWN_MAX).map((change) => withheld(change)),
  examples: replay.examples.slice(0, EXAMPLES_SHOWN_MAX).map((example) => ({
    ...example,
    differences: example.differences
      .slice(0, DIFFERENCES_SHOWN_MAX)
      .map((difference) => withheld(difference)),
  })),
});

type Compared = { readonly field: string; readonly before: string | null; readonly after: string | null };

function withheld<T extends Compared>(compared: T): T {
  if (CODED.test(compared.field)) return compared;
  const mask = (value: string | null) => (value === null ? null : WITHHELD);
  return { ...compared, before: mask(compared.before), after: mask(compared.after) };
}
