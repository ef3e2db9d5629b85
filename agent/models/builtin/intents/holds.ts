/** "Hold orders above 5,000 for review": a person looks before anything is booked. */
import { comparisonOf } from "../quantities.ts";
import { hasLineConditions, isEverything } from "../scope.ts";
import type { Segment } from "../segment.ts";
import { type Reading, says } from "../text.ts";
import { ASK_SCORE, decisions, type Intent, isUniversal, scopeIn, scopeQuestion } from "./intent.ts";

const HOLD =
  /\b(?:hold|holds|held|holding|park|parks|parked|parking|pause|paused|block|blocked|quarantine|freeze|set aside|put aside|keep back|kept back|hang on to|on hold|flag|flagged|(?:must|should|needs? to|have to|has to|to) be (?:reviewed|checked|looked at|signed off)|wait(?:s|ing)? (?:for|until|till)|need(?:s)? (?:(?:my|our|a|an|to be) )?(?:ok|okay|review(?:ed)?|approval|check(?:ed|ing)?|sign(?:ed)?-?[ -]?off|looking at))\b/;
const NOT_SENT =
  /(?:\b(?:not|never|stop|without)\b|n't\b|\bnothing\b)(?: \w+){0,6} (?:sent?|send|sending|go|post|posted|posting|book|booked|booking|sync|synced|export|exported|through|push|pushed|transferred|reach)\b/;
const REVIEW =
  /\b(?:review|reviewed|until|till|til|unless|before|have a look|has had a look|look at|looked at|check|checked|checks|release[sd]?|sign[- ]?off|by hand|manually|let them through|ok'?d|okayed|someone|somebody)\b/;
const EXISTING =
  /\b(?:stop|no longer|don't|release|unhold|remove|lift)(?: \w+){0,2} (?:hold(?:ing)?|park(?:ing)?|flag(?:ging)?|block(?:ing)?)\b/;

export const holdIntent: Intent = (segment, inherited) => {
  const { plain, shop } = segment;
  if (!wantsHold(plain)) return undefined;
  const scope = scopeIn(segment, inherited);
  const key = `acceptOrder:${JSON.stringify(scope.alternatives)}`;
  const blocked = scopeQuestion(key, scope, shop);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  const plainlyHeld = says(plain, HOLD) || says(plain, REVIEW);
  if (isEverything(scope) && !plainlyHeld) return undefined;
  if (isEverything(scope) && !isUniversal(plain)) {
    const question =
      "Which orders should be held for review? For example those above an amount, from a country, a group or a payment method.";
    return { score: ASK_SCORE - 0.1, wish: { kind: "ask", key, question } };
  }
  // A hold may be the outcome of any table; what depends on a product is decided where lines are decided.
  const table = hasLineConditions(scope) ? "revenueAccount" : "acceptOrder";
  const reason = `Held for review: ${scope.words || "every order"}`.slice(0, 200);
  return {
    score: plainlyHeld ? 0.88 : 0.7,
    wish: {
      kind: "change",
      key,
      title: `Hold for review: ${scope.words || "every order"}`,
      changes: decisions({
        tables: [table],
        scope,
        outcome: { kind: "hold", reason },
        why: "a person looks at it before anything is booked",
        universal: false,
      }),
      remarks: [
        "A held order is booked when somebody has looked at it and released it.",
        ...currencyRemark(segment),
      ],
      scoped: true,
    },
  };
};

/** An amount without a currency counts in whatever currency the order has. */
function currencyRemark({ plain, shop }: Segment): string[] {
  const comparison = comparisonOf(plain);
  const several = shop.spec.settings.currencies.length > 1;
  return comparison !== undefined && comparison.currency === null && several
    ? ["The amount counts in each order's own currency; name a currency to limit it."]
    : [];
}

const wantsHold = (reading: Reading): boolean => {
  if (says(reading, EXISTING) && !says(reading, /\bdon't (?:send|post|book)\b/)) return false;
  return (
    says(reading, HOLD) ||
    (says(reading, NOT_SENT) && (says(reading, REVIEW) || says(reading, /\borders?\b/)))
  );
};
