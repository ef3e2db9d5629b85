/** "Book shipping to 202", "Wholesale sales go to 205", "PayPal money into 091": which account takes what. */
import type { TableName } from "../../../../engine/core/mapping.ts";
import { type AccountSlot, accountSlot, nearestAccounts, type Use } from "../accounts.ts";
import type { Wish } from "../change.ts";
import { BOOK, DISCOUNT, FEE, PAYMENT, PAYMENT_STRONG, SALES, SHIPPING } from "../lexicon.ts";
import { TENDERS } from "../names.ts";
import { isEverything, type Scope } from "../scope.ts";
import type { Segment } from "../segment.ts";
import { accountLabel } from "../shop.ts";
import { says } from "../text.ts";
import {
  ASK_SCORE,
  decisions,
  forWhom,
  type Intent,
  isUniversal,
  remarksOnRules,
  scopeIn,
  scopeQuestion,
  tableRefusal,
} from "./intent.ts";

type Topic = {
  readonly table: TableName;
  readonly use: Use;
  readonly noun: string;
  /** words that names of fitting accounts have */
  readonly names: RegExp;
};

const TOPICS = {
  shipping: {
    table: "shippingAccount",
    use: "line",
    noun: "shipping",
    names: /ship|postage|deliver|freight|carriage/,
  },
  discount: { table: "discountAccount", use: "line", noun: "discounts", names: /discount/ },
  fee: { table: "feeAccount", use: "line", noun: "surcharges and fees", names: /fee|surcharge|other/ },
  payment: { table: "payment", use: "payment", noun: "payments", names: /clearing|bank/ },
  sales: { table: "revenueAccount", use: "line", noun: "sales", names: /sales|revenue|income/ },
} as const satisfies Record<string, Topic>;

export const accountIntent: Intent = (segment, inherited) => {
  const { shop, accounts } = segment;
  const scope = scopeIn(segment, inherited);
  const topic = topicOf(segment, scope);
  if (topic === undefined) return undefined;
  const slot = accountSlot(segment.reading, accounts, shop, topic.use);
  if (slot.kind === "missing" && !wantsAnAccount(segment, topic)) return undefined;
  const key = `${topic.table}${isEverything(scope) ? "" : `:${JSON.stringify(scope.alternatives)}`}`;
  const question = accountQuestion(key, segment, scope, topic, slot);
  if (question !== undefined || slot.kind !== "found")
    return question && { score: ASK_SCORE, wish: question };
  const blocked = scopeQuestion(key, scope, shop) ?? tableRefusal(key, [topic.table], scope);
  if (blocked !== undefined) return { score: ASK_SCORE + 0.05, wish: blocked };
  const confirm = doubt(key, segment, topic, slot) ?? paymentQuestion(key, segment, scope, topic);
  if (confirm !== undefined) return { score: ASK_SCORE, wish: confirm };
  return { score: scoreOf(segment, topic), wish: bookTo(key, segment, scope, topic, slot) };
};

/** The words decide; between sales and payments, what the named account can take decides as well. */
function topicOf(segment: Segment, scope: Scope): Topic | undefined {
  const { plain } = segment;
  if (says(plain, SHIPPING)) return TOPICS.shipping;
  if (says(plain, DISCOUNT) && !says(plain, /\b(?:coupon|voucher) code\b/)) return TOPICS.discount;
  if (isAboutMoney(segment)) return TOPICS.payment;
  if (says(plain, FEE)) return TOPICS.fee;
  const sells = says(plain, SALES) || !isEverything(scope) || scope.unknown !== null || scope.vague;
  return sells ? TOPICS.sales : undefined;
}

const INCOME_OR_COST = /REVENUE|SALES|INCOME|EXPENSE|COSTS|OVERHEADS|DEPRECIATN/;
const GOODS = /\b(?:sales?|revenue|income|goods|products?|items?|turnover)\b/;

/** Where money arrives, not what was sold: by the words, by the account that is named, or by a payment method alone. */
function isAboutMoney({ plain, reading, accounts, shop, mentions }: Segment): boolean {
  const named = shop.accounts.filter(({ code }) => accounts.targets.some(({ value }) => value === code));
  const methods = mentions.filter(({ kind }) => kind === "method");
  const tender = methods.some(({ value }) => TENDERS.includes(value));
  const moneyAccount = named.some(({ use, type }) => use.includes("payment") && !INCOME_OR_COST.test(type));
  const onlyMoney =
    named.length > 0 && named.every(({ use }) => use.includes("payment") && !use.includes("line"));
  if (onlyMoney || (tender && moneyAccount)) return true;
  if (moneyAccount && (methods.length > 0 || says(plain, PAYMENT)) && !says(plain, GOODS)) return true;
  if (says(plain, GOODS)) return false;
  if (says(plain, PAYMENT_STRONG)) return true;
  // "PayPal into its clearing account": the method completes the name of an account for money.
  return (
    methods.length > 0 &&
    named.length === 0 &&
    accountSlot(reading, accounts, shop, "payment").kind === "found"
  );
}

const ANOTHER =
  /\b(?:different|own|another|separate|other|special|specific|dedicated|new|right|correct|proper) (?:\w+ )?(?:account|nominal|code|place)\b|\b(?:in|to|from|into) the same account\b|\bsomewhere else\b|\bwhich account\b|\bits own account\b|\b(?:change|set|switch|move|adjust|pick|choose)\b.*\baccounts?\b/;

/** Without an account in sight, only a text that plainly asks for one is about an account. */
function wantsAnAccount({ plain }: Segment, topic: Topic): boolean {
  const explicit = topic.table !== "revenueAccount" && says(plain, /\b(?:to|into|under|onto)\b/);
  return (
    explicit ||
    says(plain, ANOTHER) ||
    (says(plain, BOOK) && says(plain, /\b(?:to|in|into|under|onto) (?:an? |the )?account\b/))
  );
}

function accountQuestion(
  key: string,
  { shop }: Segment,
  scope: Scope,
  topic: Topic,
  slot: AccountSlot,
): Wish | undefined {
  const what = `${topic.noun}${forWhom(scope)}`;
  const near = (given: string) =>
    nearestAccounts(shop, topic.use, topic.names, given).map(accountLabel).join(", ");
  if (slot.kind === "unknown")
    return {
      kind: "ask",
      key,
      question:
        `Account ${slot.text} is not in the chart of accounts. The nearest for ${what} are: ${near(slot.text)}. ` +
        "Which one do you mean? A new account has to be created in Xero first.",
      drop: slot.at,
    };
  if (slot.kind === "several")
    return {
      kind: "ask",
      key,
      question: `Which account do you mean for ${what}: ${slot.accounts.map(accountLabel).join(" or ")}?`,
    };
  if (slot.kind === "missing") {
    const countries = scope.vague
      ? ` And which countries count, by shipping address: every country other than ${shop.lists.organisation.country}, or certain ones?`
      : "";
    return {
      kind: "ask",
      key,
      question: `Which account should ${what} go to? For example: ${near("")}.${countries}`,
    };
  }
  if (slot.account.use.includes(topic.use)) return undefined;
  const fault = topic.use === "payment" ? "does not take payments" : "cannot be used on an invoice line";
  return {
    kind: "ask",
    key,
    question: `Account ${accountLabel(slot.account)} ${fault}. Accounts that can: ${near(slot.account.code)}. Which one do you mean?`,
  };
}

const NEGATED_BOOKING =
  /(?:\b(?:not|never|stop|no longer)|n't)\b(?: \w+){0,3} (?:book|post|put|cod|record|send|go|use|map|hit|land|mov|be)\w*\b(?: [^ .,;!?]+){0,8} _account_/;
const ANYWAY = "although it is no income account";

/** "Don't book shipping to 202" says where it must not go; an expense account for income is likely a slip. */
function doubt(key: string, { plain, shop }: Segment, topic: Topic, slot: AccountSlot): Wish | undefined {
  if (slot.kind !== "found") return undefined;
  const label = accountLabel(slot.account);
  if (says(plain, NEGATED_BOOKING)) {
    const near = nearestAccounts(shop, topic.use, topic.names, "").filter(
      ({ code }) => code !== slot.account.code,
    );
    const question = `Which account should ${topic.noun} go to instead of ${label}? For example: ${near.map(accountLabel).join(", ")}.`;
    return { kind: "ask", key, question };
  }
  const isIncome = /REVENUE|SALES|INCOME/.test(slot.account.type);
  if (
    (topic !== TOPICS.sales && topic !== TOPICS.shipping) ||
    isIncome ||
    says(plain, /\bno income account\b/)
  )
    return undefined;
  const question = `Account ${label} is no income account (${slot.account.type}). Do you mean it for ${topic.noun}? Say yes, or name another.`;
  return { kind: "ask", key, question, yes: ANYWAY };
}

/** "Payments go to 090" while each method has its own account: all of them, or one? */
function paymentQuestion(
  key: string,
  { plain, shop }: Segment,
  scope: Scope,
  topic: Topic,
): Wish | undefined {
  const rules = shop.spec.tables.payment.rules;
  if (topic.table !== "payment" || !isEverything(scope) || rules.length === 0 || isUniversal(plain))
    return undefined;
  return {
    kind: "ask",
    key,
    question:
      "Do you mean the money of every payment method, or of one of them? Say yes for every method, or name it.",
    yes: "for every payment method",
  };
}

function scoreOf({ plain }: Segment, topic: Topic): number {
  const explicit = topic === TOPICS.shipping || topic === TOPICS.discount || says(plain, BOOK);
  return explicit ? 0.85 : 0.7;
}

function bookTo(
  key: string,
  segment: Segment,
  scope: Scope,
  topic: Topic,
  slot: Extract<AccountSlot, { kind: "found" }>,
): Wish {
  const { shop, plain } = segment;
  const { account } = slot;
  const why = `${topic.noun} go to account ${accountLabel(account)}`;
  const changes = decisions({
    tables: [topic.table],
    scope,
    outcome:
      topic.table === "payment"
        ? { kind: "payment", account: account.code }
        : { kind: "account", code: account.code },
    why,
    universal: isUniversal(plain),
  });
  const hidden = topic.table === "discountAccount" && shop.spec.settings.discounts === "net";
  const visible = {
    op: "setting",
    setting: "discounts",
    value: "visible",
    why: "An account of their own needs discounts on lines of their own",
  } as const;
  return {
    kind: "change",
    key,
    title: `${topic.noun}${forWhom(scope)} to account ${account.code}`,
    changes: hidden ? [visible, ...changes] : changes,
    remarks: remarksOnRules(shop, changes),
    scoped: !isEverything(scope),
  };
}
