/** Discounts on lines of their own, with their account, or inside the line amounts. */
import { accountSlot, nearestAccounts } from "../accounts.ts";
import type { Change } from "../change.ts";
import { DISCOUNT } from "../lexicon.ts";
import { isEverything } from "../scope.ts";
import { accountLabel } from "../shop.ts";
import { findAll, type Reading, says, textBefore } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  type Intent,
  isUniversal,
  remarksOnRules,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

const VISIBLE =
  /\b(?:own|separate|individual|extra|additional|distinct|different) (?:\w+ )?(?:lines?|rows?|items?|entry|entries)\b|\b(?:lines?|rows?|items?) of (?:its|their) own\b|\b(?:separately|itemi[sz]ed?|visible|visibly)\b|\b(?:split|break|broken|breaking|list|listed|shown?|see|pull|pulled|bring|call|called)(?: \w+){0,3} out\b|\b(?:show|list|display|see)\b|\bfull price\b|\bgross of\b/g;
const NET =
  /\b(?:net(?:ted|ting)?(?: off| against| down)?|hid(?:e|den|ing)|bur(?:y|ied)|bak(?:e|ed)|inside the (?:line|price|item)s?|in(?:to)? the (?:item |line |product )?prices?|knock(?:s|ed|ing)? (?:it |them )?off|no (?:separate|extra|own) lines?|off the (?:item |line |product )?prices?)\b/g;
const AWAY =
  /\b(?:not|n't|never|instead of|rather than|don't|stop|without|no longer|no)(?: \w+){0,2} $|n't(?: \w+){0,2} $/;

export const discountIntent: Intent = (segment, inherited) => {
  const { plain, shop, accounts, reading } = segment;
  if (!says(plain, DISCOUNT)) return undefined;
  const way = wayOf(plain);
  if (way === undefined) return undefined;
  if (way === "net") return netWish;
  const scope = scopeIn(segment, inherited);
  const key = "discountAccount";
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, ["discountAccount"], scope);
  if (blocked !== undefined) return { score: ASK_SCORE, wish: blocked };
  const slot = accountSlot(reading, accounts, shop, "line");
  const near = nearestAccounts(shop, "line", /discount/, "")
    .map(accountLabel)
    .join(", ");
  if (
    slot.kind === "unknown" ||
    slot.kind === "several" ||
    (slot.kind === "found" && !slot.account.use.includes("line"))
  ) {
    const question = `Which account should the discount lines use? The nearest are: ${near}.`;
    return {
      score: ASK_SCORE,
      wish: { kind: "ask", key, question, ...(slot.kind === "unknown" && { drop: slot.at }) },
    };
  }
  const visible: Change = {
    op: "setting",
    setting: "discounts",
    value: "visible",
    why: "Discounts get lines of their own instead of lowering the line amounts",
  };
  const booked =
    slot.kind === "found"
      ? decisions({
          tables: ["discountAccount"],
          scope,
          outcome: { kind: "account", code: slot.account.code },
          why: `discount lines go to account ${accountLabel(slot.account)}`,
          universal: isUniversal(plain),
        })
      : [];
  const { otherwise } = shop.spec.tables.discountAccount;
  const present =
    slot.kind === "found" || otherwise?.kind !== "account" ? [] : [`Their account stays ${otherwise.code}.`];
  return {
    score: 0.95,
    wish: {
      kind: "change",
      key,
      title:
        slot.kind === "found"
          ? `Discounts as lines of their own in account ${slot.account.code}`
          : "Discounts as lines of their own",
      changes: [visible, ...booked],
      remarks: [...present, ...remarksOnRules(shop, booked)],
      scoped: !isEverything(scope),
    },
  };
};

const netWish = {
  score: 0.8,
  wish: {
    kind: "change" as const,
    key: "discountAccount",
    title: "Discounts inside the line amounts",
    changes: [
      {
        op: "setting" as const,
        setting: "discounts" as const,
        value: "net",
        why: "Discounts lower the line amounts and get no lines of their own",
      },
    ],
    remarks: [],
    scoped: false,
  },
};

/** What is said with a negation counts for the opposite: "not netted off" asks for lines of their own. */
function wayOf(reading: Reading): "visible" | "net" | undefined {
  const votes = (pattern: RegExp) => {
    const found = findAll(reading, pattern);
    const away = found.filter((span) => AWAY.test(textBefore(reading, span)));
    return { plain: found.length - away.length, away: away.length };
  };
  const visible = votes(VISIBLE);
  const net = votes(NET);
  const forVisible = visible.plain + net.away;
  const forNet = net.plain + visible.away;
  if (forVisible === 0 && forNet === 0) return undefined;
  return forVisible >= forNet ? "visible" : "net";
}
