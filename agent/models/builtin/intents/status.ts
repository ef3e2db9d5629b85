/** Draft or approved. A draft takes no payment, so drafts bring "no payment" with them. */
import { isEverything } from "../scope.ts";
import { findAll, type Reading, says, textBefore } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

const DRAFT = /\bdrafts?\b/g;
const APPROVED = /\b(?:approv(?:e|ed|es|ing|al)|authori[sz](?:e|ed|es|ing|ation)|signed off|finali[sz]ed)\b/g;
const AWAY =
  /\b(?:instead of|rather than|not|no|never|nothing|stop|without|no longer|no more|nothing (?:should|must|may)|don't|won't|shouldn't)(?: \w+){0,3} $|n't(?: \w+){0,3} $/;
/** "I approve each invoice myself": a person does it, so it says nothing about how invoices arrive. */
const BY_HAND = /\b(?:i|we|me|us|someone|somebody|myself|ourselves)(?: \w+){0,4} $/;
const ABOUT_PROPOSALS = /\bproposals?\b/;

export const statusIntent: Intent = (segment, inherited) => {
  const { plain, shop } = segment;
  const status = statusOf(plain);
  if (status === undefined || says(plain, ABOUT_PROPOSALS)) return undefined;
  const scope = scopeIn(segment, inherited);
  const key = `invoiceStatus${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, ["invoiceStatus"], scope);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  const why = status === "DRAFT" ? "invoices arrive as drafts" : "invoices arrive approved";
  const changes = decisions({
    tables: ["invoiceStatus"],
    scope,
    outcome: { kind: "status", status },
    why,
    universal: true,
  });
  // Xero refuses a payment on a draft, and the engine holds such an order (draftWithPayment).
  const unpaid = decisions({
    tables: ["payment"],
    scope,
    outcome: { kind: "unpaid" },
    why: "a draft invoice takes no payment, so none is booked",
    universal: true,
  });
  return {
    score: 0.92,
    wish: {
      kind: "change",
      key,
      title:
        status === "DRAFT"
          ? `Invoices as drafts${forWhom(scope)}`
          : `Invoices approved at once${forWhom(scope)}`,
      changes: status === "DRAFT" ? [...changes, ...unpaid] : changes,
      remarks:
        status === "DRAFT"
          ? ["Drafts take no payments in Xero, so no payment is booked for these orders either."]
          : ["Whether payments are booked stays as it is."],
      scoped: !isEverything(scope),
    },
  };
};

function statusOf(reading: Reading): "DRAFT" | "AUTHORISED" | undefined {
  const drafts = findAll(reading, DRAFT);
  const approvals = findAll(reading, APPROVED);
  const isAway = (span: { from: number; to: number }) => AWAY.test(textBefore(reading, span));
  if (drafts.some((span) => !isAway(span))) return "DRAFT";
  if (drafts.length > 0) return "AUTHORISED";
  if (approvals.length === 0) return undefined;
  // "Approve" alone may be about a proposal or a review; with invoices and a negation it is about their status.
  if (!says(reading, /\binvoices?\b/)) return undefined;
  const byRule = approvals.filter((span) => !BY_HAND.test(textBefore(reading, span)));
  if (byRule.length > 0 && byRule.every(isAway)) return "DRAFT";
  return says(
    reading,
    /\b(?:automatically|at once|straight away|immediately|arrive|come|land|created?|already|as approved|as authori[sz]ed)\b/,
  )
    ? "AUTHORISED"
    : undefined;
}
