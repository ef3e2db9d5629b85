/** The credit memos of an order: what each takes back, and where the value went (facts/magento.md section 3, "Credit memo"). */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { CreditMemo, RefundDestination, SaleRefund } from "../../core/sale.ts";
import type { MagentoCreditMemo } from "./documents.ts";
import type { MagentoOrder } from "./order.ts";
import { fieldInvalid, fieldMissing, refundedDiffers, refundPartsDiffer } from "./order-holds.ts";
import { grossOf } from "./part-sums.ts";
import type { Read } from "./read-documents.ts";
import { adjustmentParts } from "./sale-fees.ts";
import { type Parts, toParts, type Whole } from "./sale-parts.ts";
import { gatewayId } from "./sale-receipts.ts";

/** 1 open: nothing was given back yet; 2 refunded; 3 cancelled. A dump may leave the state out. */
const STATES: Readonly<Record<string, boolean>> = { "1": false, "2": true, "3": false };
const CENT_E4 = 100n;

export function toCreditMemos(
  memos: readonly Read<MagentoCreditMemo>[],
  whole: Whole,
): Result<CreditMemo[], Held> {
  const given: Read<MagentoCreditMemo>[] = [];
  for (const memo of memos) {
    const isGiven = STATES[memo.document.state ?? "2"];
    if (isGiven === undefined)
      return err(fieldInvalid(`${memo.place}.state`, "1 (open), 2 (refunded) or 3 (cancelled)"));
    if (isGiven) given.push(memo);
  }
  const read: CreditMemo[] = [];
  for (const memo of given) {
    const one = toCreditMemo(memo, given, whole);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return memos.length === 0 || refundedInFull(whole.order, given, read)
    ? ok(read)
    : err(refundedDiffers(whole.order.total_refunded, sumOfMemos(given)));
}

/**
 * Each memo is rounded to cents of its own. Versions differ in whether the order's sum has what became store credit; an order
 * that says nothing of refunds takes its memos' word.
 */
function refundedInFull(
  { total_refunded }: MagentoOrder,
  memos: readonly Read<MagentoCreditMemo>[],
  read: readonly CreditMemo[],
): boolean {
  const refundedE4 = e4Of(total_refunded);
  const sums = [sumOfMemos(memos), sumOf(read.map(({ grandTotal }) => e4Of(grandTotal)))];
  const allowedE4 = CENT_E4 * BigInt(memos.length);
  return refundedE4 === 0n || sums.some((sumE4) => absOf(refundedE4 - sumE4) <= allowedE4);
}

const sumOfMemos = (memos: readonly Read<MagentoCreditMemo>[]): bigint =>
  sumOf(memos.map(({ document }) => e4Of(document.grand_total)));

function toCreditMemo(
  memo: Read<MagentoCreditMemo>,
  memos: readonly Read<MagentoCreditMemo>[],
  whole: Whole,
): Result<CreditMemo, Held> {
  const { document, place, id, number, at } = memo;
  const parts = toParts(memo, whole);
  if (!parts.ok) return parts;
  const { refundE4, feeE4 } = adjustmentParts(document);
  const value = givenBack(memo, parts.value, refundE4 - feeE4, whole.order);
  if (!value.ok) return value;
  const { totalE4, moneyE4, giftCardE4, storeCreditE4, pointsE4 } = value.value;
  if (moneyE4 < 0n) return err(refundPartsDiffer(place, totalE4, totalE4 - moneyE4));
  const destination = moneyDestination(document, memos, whole.order);
  const transactionId = destination === "gateway" ? gatewayId(document.transaction_id) : null;
  return ok({
    id,
    number,
    at,
    ...parts.value,
    grandTotal: formatE4(totalE4),
    tax: document.tax_amount,
    invoiceId: document.invoice_id ?? null,
    adjustmentRefund: formatE4(refundE4),
    adjustmentFee: formatE4(feeE4),
    refunds: [
      ...refundOf(destination, moneyE4, transactionId),
      ...refundOf("storeCredit", storeCreditE4),
      ...refundOf("giftCard", giftCardE4),
      ...refundOf("rewardPoints", pointsE4),
    ],
  });
}

const refundOf = (
  destination: RefundDestination,
  amountE4: bigint,
  transactionId: string | null = null,
): SaleRefund[] => (amountE4 === 0n ? [] : [{ destination, amount: formatE4(amountE4), transactionId }]);

type GivenBack = {
  readonly totalE4: bigint;
  readonly moneyE4: bigint;
  readonly giftCardE4: bigint;
  readonly storeCreditE4: bigint;
  readonly pointsE4: bigint;
};

/**
 * What the memo gave back in all. `customer_balance_amount` and gift cards are outside of grand_total; what was turned into
 * store credit by choice is outside in some versions and inside in others, so the total that the parts come to decides.
 */
function givenBack(
  { document, place }: Read<MagentoCreditMemo>,
  { lines, shipping, fees }: Parts,
  adjustmentE4: bigint,
  order: MagentoOrder,
): Result<GivenBack, Held> {
  const own = document.extension_attributes;
  const paidE4 = e4Of(document.grand_total);
  const giftCardE4 = absOf(e4Of(own.gift_cards_amount));
  const pointsE4 = absOf(e4Of(own.reward_currency_amount));
  const balanceE4 = absOf(e4Of(own.customer_balance_amount));
  const credited = creditedOf(document, order);
  if (credited === undefined)
    return err(
      fieldMissing(`${place}.customer_bal_total_refunded`, "the store credit in the order's currency"),
    );
  // The sum of all credit has what restores the balance that had paid; some memos state that one alone.
  const creditE4 = largerOf(credited, balanceE4);
  const valueE4 = grossOf({ lines, shipping }, fees) + adjustmentE4;
  const outsideE4 = giftCardE4 + pointsE4;
  const totals = [paidE4 + outsideE4 + creditE4, paidE4 + outsideE4 + balanceE4, paidE4];
  const totalE4 = totals.reduce((best, total) =>
    absOf(total - valueE4) < absOf(best - valueE4) ? total : best,
  );
  const moneyE4 = totalE4 - outsideE4 - creditE4;
  return ok({ totalE4, moneyE4, giftCardE4, storeCreditE4: creditE4, pointsE4 });
}

function largerOf(left: bigint, right: bigint): bigint {
  if (left > right) return left;
  return right;
}

/** The store credit that the memo made in all; of one that states it in the base currency only, where that is the order's. */
function creditedOf(
  { extension_attributes: own }: MagentoCreditMemo,
  order: MagentoOrder,
): bigint | undefined {
  if (own.customer_bal_total_refunded !== null) return absOf(e4Of(own.customer_bal_total_refunded));
  const baseE4 = absOf(e4Of(own.bs_customer_bal_total_refunded ?? "0"));
  return baseE4 === 0n || order.base_currency_code === order.order_currency_code ? baseE4 : undefined;
}

/**
 * Whether money went back through the gateway. A refund transaction says so; without one the order's sums do, and where it
 * refunded both ways, or says nothing, the invoice that an online refund names (facts/magento.md section 3).
 */
function moneyDestination(
  document: MagentoCreditMemo,
  memos: readonly Read<MagentoCreditMemo>[],
  order: MagentoOrder,
): "gateway" | "offline" {
  if (document.transaction_id !== null) return "gateway";
  const onlineE4 = e4Of(order.total_online_refunded);
  const offlineE4 = e4Of(order.total_offline_refunded);
  const known = memos.filter((memo) => memo.document.transaction_id !== null);
  if (onlineE4 <= sumOfMemos(known) && offlineE4 > 0n) return "offline";
  if (onlineE4 > 0n && offlineE4 === 0n) return "gateway";
  return document.invoice_id === undefined ? "offline" : "gateway";
}
