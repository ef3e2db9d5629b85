/** "Bank transfers stay unpaid": no payment is booked, and the invoice waits for its money. */
import { isEverything } from "../scope.ts";
import { says } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

const UNPAID =
  /\b(?:stay|stays|remain|remains|keep|kept|leave|left|as|be|are|is|show|shows|stand|stands)(?: \w+){0,4} (?:unpaid|outstanding|owing|open|due)\b|\b(?:unpaid|as owing|as outstanding)\b|\b(?:no|without(?: an?| any)?) (?:payments?|receipts?)\b|\b(?:not|never|don't|doesn't|shouldn't|mustn't|won't|stop|stops|stopping|isn't|aren't)(?: \w+){0,4} (?:payments?|receipts?|paid)\b|\bn't(?: \w+){0,6} as paid\b|\bpayments?(?: \w+){0,4} (?:shouldn't|mustn't|not|never|don't|needn't|n't)(?: \w+)? (?:recorded|booked|posted|sent|entered|made)\b/;

export const unpaidIntent: Intent = (segment, inherited) => {
  const { plain, shop } = segment;
  if (!says(plain, UNPAID) || segment.accounts.targets.length > 0) return undefined;
  const scope = scopeIn(segment, inherited);
  const key = `payment${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, ["payment"], scope);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
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
