/** Rates that documents state: the store's, where the mapping wants it; else none, and the ledger takes its own of the day. */
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import { parseE4 } from "./money.ts";
import type { Leaf } from "./plan.ts";
import { fromSource, type PlanInput } from "./plan-input.ts";
import { err, ok, type Result } from "./result.ts";
import type { SaleReceipt } from "./sale.ts";

/** Units of the document's currency for one unit of the ledger's; the store's rate only says that for its own base currency. */
export function invoiceRate(input: PlanInput): Result<Leaf | undefined, Held> {
  if (!wantsStoreRate(input)) return ok(undefined);
  const rate = storeRate(input);
  return rate === undefined ? err(rateMissing(input)) : ok(rate);
}

/**
 * The rate at which money came: what the store states for the payment, or the order's on the day of the order. On another day
 * the order's rate says nothing; Xero takes that of the day and books the gain (facts/accounting.md FX-04).
 */
export function paymentRate(
  input: PlanInput,
  receipt: Pick<SaleReceipt, "at" | "rate">,
  path: string,
): Leaf | undefined {
  const { sale, org } = input;
  const ofOrder = wantsStoreRate(input) ? storeRate(input) : undefined;
  if (ofOrder === undefined) return undefined;
  if (receipt.rate !== undefined) return fromSource(receipt.rate, `${path}/rate`);
  const isSameDay = localDate(receipt.at, org.timezone) === localDate(sale.placedAt, org.timezone);
  return isSameDay ? ofOrder : undefined;
}

const wantsStoreRate = ({ sale, spec, org }: PlanInput): boolean =>
  spec.settings.rateFrom === "store" && sale.currency !== org.baseCurrency;

function storeRate({ sale, org }: PlanInput): Leaf | undefined {
  const { storeRate: rate, baseCurrency } = sale;
  const isUsable = baseCurrency === org.baseCurrency && rate !== null && (parseE4(rate) ?? 0n) > 0n;
  return isUsable ? fromSource(rate, "/storeRate") : undefined;
}

const rateMissing = ({ sale, org }: PlanInput): Held => ({
  hold: "currencyRateMissing",
  field: "base_to_order_rate",
  detail: `The store gives no rate from ${org.baseCurrency} to ${sale.currency}.`,
  action: "Let Xero choose the rate (setting rateFrom), or correct the order's rate.",
});
