/** "Bank transfers stay unpaid": no payment is booked, and the invoice waits for its money. */
import type { Wish } from "../change.ts";
import { isEverything } from "../scope.ts";
import { says } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  isUniversal,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

const WORDS = "(?: [^ .!?;]+)";
const UNPAID = new RegExp(
  [
    `\\b(?:stay|stays|remain|remains|keep|kept|leave|left|as|be|are|is|show|shows|stand|stands)${WORDS}{0,4} (?:unpaid|outstanding|owing|open|due)\\b`,
    "\\b(?:unpaid|as owing|as outstanding|await(?:s|ing)? payment)\\b",
    "\\b(?:no|without(?: an?| any)?) (?:payments?|receipts?)\\b",
    `(?:\\b(?:not|never|stop|stops|stopping)|n't)\\b${WORDS}{0,7} (?:payments?|receipts?|paid)\\b`,
    `\\bpayments?${WORDS}{0,4} (?:[a-z]+n't|not|never)(?: \\w+)? (?:recorded|booked|posted|sent|entered|made)\\b`,
  ].join("|"),
);

const PLAINLY_ALL = /\bat all\b|\b(?:invoices|payments) (?:on|for) (?:the )?(?:web|shop|store)\b/;

const everyMethod = (key: string): Wish => ({
  kind: "ask",
  key,
  question:
    "Do you mean that no order gets a payment, or those of one payment method? Say yes for every method, or name it.",
  yes: "for every payment method",
});

export const unpaidIntent: Intent = (segment, inherited) => {
  const { plain, shop } = segment;
  if (!says(plain, UNPAID) || segment.accounts.targets.length > 0) return undefined;
  const scope = scopeIn(segment, inherited);
  const key = `payment${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, ["payment"], scope);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  if (isEverything(scope) && !isUniversal(plain) && !says(plain, PLAINLY_ALL))
    return { score: ASK_SCORE, wish: everyMethod(key) };
  const why = "the invoice stays unpaid, no payment is booked";
  return {
    score: isEverything(scope) ? 0.7 : 0.85,
    wish: {
      kind: "change",
      key,
      title: `No payment${forWhom(scope)}: invoices stay unpaid`,
      changes: decisions({ tables: ["payment"], scope, outcome: { kind: "unpaid" }, why, universal: true }),
      remarks: [],
      scoped: !isEverything(scope),
    },
  };
};
