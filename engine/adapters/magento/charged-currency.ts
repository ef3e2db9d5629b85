/**
 * The currency in which the payment was taken (facts/accounting.md FX-02). The order's currency is what the buyer saw; some
 * gateways charge the base currency instead. Core does not keep which: only what the gateway writes into the payment's
 * information tells, so nothing said means the order's currency.
 */
import type { Held } from "../../core/hold.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { RawSale } from "../../ports.ts";
import { isRecord } from "./fields.ts";
import { parseExactJson } from "./json.ts";
import { chargedElsewhere, fieldMissing } from "./order-holds.ts";

const CURRENCY_KEY = /^(?:(?:charged|capture|captured|payment|paid|mc)_)?currency(?:_code)?$/i;

/** The sale in the currency that was charged: as it is, or with the base currency's amounts in the place of the order's. */
export function inChargedCurrency(raw: RawSale): Result<RawSale, Held> {
  const { order } = raw;
  if (!isRecord(order)) return ok(raw);
  const [orderCurrency, baseCurrency] = [order.order_currency_code, order.base_currency_code];
  const charged = chargedCurrency(order);
  if (charged === undefined || typeof orderCurrency !== "string" || orderCurrency === baseCurrency)
    return ok(raw);
  if (
    typeof baseCurrency !== "string" ||
    (charged.currency !== "BASE" && charged.currency !== baseCurrency)
  ) {
    const isOrders = charged.currency === orderCurrency || charged.currency === "DISPLAY";
    return isOrders ? ok(raw) : err(chargedElsewhere(charged.field, [orderCurrency, String(baseCurrency)]));
  }
  if (order.base_grand_total === undefined || order.base_grand_total === null)
    return err(fieldMissing("base_grand_total", "the total in the currency that was charged"));
  return ok({
    order: inBase(order as Json),
    invoices: raw.invoices.map(inBase),
    creditMemos: raw.creditMemos.map(inBase),
    shipments: raw.shipments,
  });
}

type Charged = { readonly currency: string; readonly field: string };

function chargedCurrency(order: Record<string, unknown>): Charged | undefined {
  const payment = isRecord(order.payment) ? order.payment : {};
  const extension = isRecord(order.extension_attributes) ? order.extension_attributes : {};
  const keyed = isRecord(payment.additional_information)
    ? Object.entries(payment.additional_information).map(([key, value]) => ({ key, value }))
    : [];
  const rows: unknown = extension.payment_additional_info;
  const said = [...keyed, ...(Array.isArray(rows) ? rows.filter(isRecord) : [])].find(
    ({ key, value }) =>
      typeof key === "string" && CURRENCY_KEY.test(key) && typeof value === "string" && value !== "null",
  );
  if (said === undefined || said.value === "") return undefined;
  return {
    currency: String(said.value).toUpperCase(),
    field: `extension_attributes.payment_additional_info.${String(said.key)}`,
  };
}

/** Every amount takes the value of its twin in the base currency, in lists and in the JSON text of fixed product taxes too. */
function inBase(json: Json): Json {
  if (Array.isArray(json)) return json.map(inBase);
  if (!isRecord(json)) return json;
  const own = json as { [key: string]: Json };
  const entries = Object.entries(own).map(([name, value]): [string, Json] => [name, ofMember(name, value)]);
  const twins = Object.entries(own).flatMap(([name, value]): [string, Json][] => {
    const twin = twinOf(name);
    return twin === undefined ? [] : [[twin, value]];
  });
  const rates: [string, Json][] = "base_to_order_rate" in own ? [["base_to_order_rate", 1]] : [];
  const currency: [string, Json][] =
    "order_currency_code" in own && own.base_currency_code !== undefined
      ? [["order_currency_code", own.base_currency_code]]
      : [];
  return Object.fromEntries([...entries, ...twins, ...rates, ...currency]);
}

function ofMember(name: string, value: Json): Json {
  if (name !== "weee_tax_applied" || typeof value !== "string") return inBase(value);
  const list = parseExactJson(value);
  return list.ok ? JSON.stringify(inBase(list.value)) : value;
}

/** `base_` before the name, `gw_base_` and `bs_` of Adobe Commerce; two columns shorten "amount". */
function twinOf(name: string): string | undefined {
  const match =
    /^base_(?!currency_code$|to_)(.+)$/.exec(name) ?? /^bs_(customer_bal_total_refunded)$/.exec(name);
  if (match?.[1] !== undefined) return match[1].replace(/_amnt$/, "_amount");
  const wrap = /^(gw(?:_items|_card)?)_base_(.+)$/.exec(name);
  return wrap === null ? undefined : `${wrap[1]}_${wrap[2]}`;
}
