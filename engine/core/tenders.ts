/** Gift cards, store credit and reward points: payments from a liability account, or, for points alone, a discount. */
import { chargedCents } from "./currencies.ts";
import { decide } from "./decide.ts";
import type { Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import type { ExtraLine } from "./line-shapes.ts";
import { e4Of } from "./money.ts";
import { type Decided, decideFor, type PlanInput, ruleNames } from "./plan-input.ts";
import { err, ok, type Result } from "./result.ts";
import type { Tender } from "./sale.ts";
import { orderFacts } from "./sale-facts.ts";
import type { Section } from "./sections.ts";
import { pointerOf } from "./shapes.ts";

export type DecidedTender = {
  readonly kind: Tender["kind"];
  readonly cents: bigint;
  readonly path: string;
  readonly decided: Decided<"payment" | "unpaid" | "discount">;
};

/** A clearing account for card money must never swallow gift cards or store credit by default: a rule names them. */
export function decideTenders(input: PlanInput, section: Section): Result<DecidedTender[], Held> {
  const decided: DecidedTender[] = [];
  for (const [index, { kind, amount }] of section.sale.tenders.entries()) {
    const path = section.base + pointerOf("tenders", index);
    const cents = chargedCents(e4Of(amount), input.sale.currency);
    if (cents <= 0n) continue;
    const facts: Facts = { ...orderFacts(input.sale, input.org.timezone), "payment.method": kind };
    const rule = decide(input.spec.tables.payment, facts);
    if (rule.ok && !ruleNames(input.spec, "payment", rule.value.ruleId, ["payment.method"]))
      return err(tenderWithoutRule(path, kind));
    const one = decideFor(input.spec, "payment", facts, path, ["payment", "unpaid", "discount"]);
    if (!one.ok) return one;
    if (one.value.outcome.kind === "discount" && kind !== "rewardPoints") return err(noDiscount(path, kind));
    decided.push({ kind, cents, path, decided: one.value });
  }
  return ok(decided);
}

/**
 * Points that lower the price: a line outside of tax, since the store's tax is that of the whole price (facts/accounting.md,
 * PAY-14: the total tax follows the store's).
 */
export function tenderDiscounts(
  { spec, org, sale }: PlanInput,
  tenders: readonly DecidedTender[],
): Result<ExtraLine[], Held> {
  const discounts = tenders.filter(({ decided }) => decided.outcome.kind === "discount");
  if (discounts.length === 0) return ok([]);
  const facts = orderFacts(sale, org.timezone);
  const account = decideFor(spec, "discountAccount", facts, "/tenders", ["account"]);
  if (!account.ok) return account;
  const taxType = spec.settings.roundingTaxType;
  if (taxType === null) return err(untaxedMissing);
  return ok(
    discounts.map(({ kind, cents, path }) => ({
      key: `tender-${kind}`,
      text: "Reward points",
      amountCents: -cents,
      accountCode: account.value.outcome.code,
      taxType,
      account: account.value.from,
      tax: { from: "spec", path: "/settings/roundingTaxType" },
      inputs: [`${path}/amount`],
    })),
  );
}

const tenderWithoutRule = (path: string, kind: string): Held => ({
  hold: "noRule",
  field: path,
  detail: `Part of the order was paid by ${kind}; no payment rule names it.`,
  action: `Add a payment rule for payment.method is ${kind} with the liability account that it reduces.`,
});

const noDiscount = (path: string, kind: string): Held => ({
  hold: "noRule",
  field: path,
  detail: `Part of the order was paid by ${kind}, which a payment rule calls a discount; only reward points may be one.`,
  action: `Let the payment rule for ${kind} name the liability account that it reduces.`,
});

const untaxedMissing: Held = {
  hold: "noRule",
  field: "/settings/roundingTaxType",
  detail:
    "Reward points are to be a discount outside of tax, but no tax type for lines outside of tax is set.",
  action:
    "Set roundingTaxType in the mapping, or let a payment rule book reward points from their liability account.",
};
