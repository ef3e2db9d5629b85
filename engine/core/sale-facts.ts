/** The facts of a sale as rules and templates see them. `undefined` is not known; `null` is known to be empty. */
import type { Component } from "./components.ts";
import { localDate } from "./dates.ts";
import type { Facts } from "./facts.ts";
import type { TemplateFact } from "./mapping.ts";
import { e4Of, formatE4 } from "./money.ts";
import type { CanonicalSale, SaleLine, SaleReceipt, Shipment } from "./sale.ts";

/** Consumers give no VAT id; a business is who does, or who names a company. */
const isBusiness = (sale: CanonicalSale): boolean =>
  Boolean(sale.customer.vatId || sale.billing?.vatId || sale.billing?.company);

export function orderFacts(sale: CanonicalSale, timezone: string): Facts {
  const shipTo = sale.shipTo ?? sale.billing;
  return {
    "order.storeView": sale.store.view ?? undefined,
    "order.website": sale.store.website ?? undefined,
    "order.currency": sale.currency,
    "order.customerGroup": sale.customer.group ?? (sale.customer.groupId === null ? null : undefined),
    "order.customerTaxClass": sale.customer.taxClass ?? undefined,
    "order.shipCountry": shipTo?.country ?? null,
    "order.shipRegion": shipTo?.region ?? null,
    "order.shipPostcode": shipTo?.postcode ?? null,
    "order.billCountry": sale.billing?.country ?? null,
    "order.state": sale.state,
    "order.status": sale.status,
    "order.shippingMethod": sale.shipping?.method ?? null,
    "order.coupon": sale.coupon,
    "order.discountRule": sale.discountRules.length === 1 ? (sale.discountRules[0] ?? null) : null,
    "order.grandTotal": e4Of(sale.totals.grandTotal),
    "order.placedOn": localDate(sale.placedAt, timezone),
    "order.guest": !sale.customer.registered,
    "order.business": isBusiness(sale),
    "order.vatIdValid": sale.billing?.vatIdValid ?? null,
    "order.virtual": sale.virtual,
    "payment.method": sale.payment.method,
  };
}

export function lineFacts(line: SaleLine, component: Component): Facts {
  return {
    "line.sku": line.sku,
    "line.productType": line.productType,
    "line.taxClass": line.product === null ? undefined : line.product.taxClass,
    "line.attributeSet": line.product === null ? undefined : line.product.attributeSet,
    "line.categories": line.product === null ? undefined : line.product.categories,
    "line.part": component.kind,
    "line.appliedTaxes": knownTaxes(component),
    "line.taxRate": component.rateE4,
  };
}

/** A charge with tax has a tax: where the store lists none, it has not said which. */
const knownTaxes = ({ taxCodes, taxE4 }: Component): readonly string[] | undefined =>
  taxCodes.length === 0 && taxE4 !== 0n ? undefined : taxCodes;

/** The inventory source that a line was sent from; known to be none until it is sent, or when it came from several. */
export function sourceOf({ shipments }: CanonicalSale, lineId: string): string | null {
  const sources = shipments.flatMap(({ source, lines }) =>
    source !== null && lines.some((line) => line.lineId === lineId) ? [source] : [],
  );
  const [first = null, ...others] = new Set(sources);
  return others.length === 0 ? first : null;
}

/** What shipping, other charges and money of shipments are not. */
export const NO_PRODUCT = {
  "line.sku": null,
  "line.productType": null,
  "line.taxClass": null,
  "line.attributeSet": null,
  "line.categories": [],
  "line.part": null,
  "line.source": null,
  "line.appliedTaxes": [],
} as const satisfies Facts;

/** Shipping and other charges have a rate, but no product. */
export const chargeFacts = (component: Component): Facts => ({
  ...NO_PRODUCT,
  "line.appliedTaxes": knownTaxes(component),
  "line.taxRate": component.rateE4,
});

type TemplateContext = {
  readonly sale: CanonicalSale;
  readonly timezone: string;
  readonly contactNumber: string;
  readonly line?: SaleLine;
  readonly receipt?: SaleReceipt;
  readonly invoiceNumber?: string;
  readonly creditMemoNumber?: string;
  readonly shipment?: Shipment;
};

export const fullName = (sale: CanonicalSale): string =>
  [sale.customer.firstName ?? sale.billing?.firstName, sale.customer.lastName ?? sale.billing?.lastName]
    .filter((part) => part !== null && part !== undefined && part !== "")
    .join(" ");

/** The value of one template slot; buyers' text is cleaned, since it ends in the ledger. */
export const templateValue =
  (context: TemplateContext) =>
  (fact: TemplateFact): string | null => {
    const { sale, timezone, contactNumber, line, receipt, shipment } = context;
    const values: Readonly<Record<TemplateFact, () => string | null | undefined>> = {
      "order.number": () => sale.source.number,
      "order.storeView": () => sale.store.view,
      "order.customerGroup": () => sale.customer.group,
      "order.coupon": () => sale.coupon,
      "order.placedOn": () => localDate(sale.placedAt, timezone),
      "order.shippingMethod": () => sale.shipping?.title ?? sale.shipping?.method,
      "order.purchaseOrder": () => sale.purchaseOrder,
      "invoice.number": () => context.invoiceNumber,
      "creditMemo.number": () => context.creditMemoNumber,
      "shipment.number": () => shipment?.number,
      "shipment.tracking": () =>
        (shipment?.tracks ?? sale.shipments.flatMap(({ tracks }) => tracks))
          .map(({ number }) => number)
          .join(", "),
      "payment.method": () => sale.payment.method,
      "payment.transaction": () => receipt?.transactionId,
      "customer.name": () => fullName(sale),
      "customer.company": () => sale.billing?.company,
      "customer.number": () => contactNumber,
      "line.sku": () => line?.sku,
      "line.name": () => line?.name,
      "line.quantity": () => (line === undefined ? null : plainQuantity(e4Of(line.quantity))),
      "line.options": () => line?.options.map(({ label, value }) => `${label}: ${value}`).join(", "),
    };
    return cleanText(values[fact]() ?? "");
  };

/** "3" for 3.0000, "1.375" for 1.3750. */
export const plainQuantity = (quantityE4: bigint): string => formatE4(quantityE4).replace(/\.?0+$/, "");

// Control, bidi, zero-width and tag characters and halves of a pair have no place in a ledger; Xero refuses < and > in names.
const UNWANTED = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}<>]/gu;

const TAG = /<[/!]?[a-z][^<>]*>/gi;

export const cleanText = (text: string): string =>
  (text.includes("<") ? text.replace(TAG, " ") : text)
    .replace(UNWANTED, " ")
    .replace(/\s+/g, " ")
    .trim()
    .normalize("NFC");

/** At most `max` UTF-16 units, as Xero counts, never ending in half a pair or in a space. */
export const cutText = (text: string, max: number): string =>
  text.length <= max
    ? text
    : text
        .slice(0, max)
        .replace(/[\ud800-\udbff]$/, "")
        .trimEnd();
