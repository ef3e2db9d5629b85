/**
 * What was sold, taxed, discounted and paid, in the store's own figures. Amounts are decimal text in the order's
 * currency with Magento's signs turned positive: a discount of 5 is "5.00". Text written by buyers is data, never more.
 */
import { z } from "zod";
import { Currency, Decimal, Instant } from "./shapes.ts";

const Text = z.string();

export const SourceRef = z.strictObject({
  system: z.literal("magento"),
  type: z.enum(["order", "invoice", "creditmemo", "day"]),
  id: Text.min(1).describe("Magento entity_id"),
  number: Text.min(1).describe("Magento increment_id"),
  revision: Text.min(1).describe("hash of the content that was read"),
});
export type SourceRef = z.infer<typeof SourceRef>;

export const Address = z.strictObject({
  firstName: Text.nullable(),
  lastName: Text.nullable(),
  company: Text.nullable(),
  street: z.array(Text),
  city: Text.nullable(),
  region: Text.nullable(),
  postcode: Text.nullable(),
  country: Text.nullable(),
  phone: Text.nullable(),
  vatId: Text.nullable(),
  vatIdValid: z.boolean().nullable(),
});
export type Address = z.infer<typeof Address>;

export const AppliedTax = z.strictObject({ code: Text, percent: Decimal, amount: Decimal });

/** What the catalogue mirror knows of a product; orders themselves carry neither category nor tax class. */
export const ProductFacts = z.strictObject({
  taxClass: Text.nullable(),
  attributeSet: Text.nullable(),
  categories: z.array(Text),
});
export type ProductFacts = z.infer<typeof ProductFacts>;

/** Gross of a line = net + tax + discountTax − discount (facts/accounting.md 1.2, point 4). */
const Charge = {
  net: Decimal.describe("before discount, without tax: row_total or shipping_amount"),
  tax: Decimal.describe("after discount"),
  discount: Decimal.describe("positive"),
  discountTax: Decimal.describe(
    "discount_tax_compensation_amount: the tax inside a discount on gross prices",
  ),
  taxRate: Decimal.nullable().describe("percent, the sum of all rates; null when the store did not say"),
  appliedTaxes: z.array(AppliedTax),
};

export const SaleLine = z.strictObject({
  id: Text.min(1).describe("Magento item_id"),
  sku: Text.nullable(),
  productId: Text.optional().describe("Magento product_id of what leaves the shelf: a sku can be used again"),
  name: Text.nullable(),
  productType: Text.nullable(),
  quantity: Decimal,
  ...Charge,
  fixedTaxNet: Decimal.describe("fixed product tax of the row, without tax"),
  fixedTaxTax: Decimal.describe("tax on the fixed product tax"),
  parts: z
    .array(z.strictObject({ sku: Text, quantity: Decimal, productId: Text.optional() }))
    .default([])
    .describe("what leaves the shelf for a bundle or kit whose price is on this line"),
  options: z
    .array(z.strictObject({ label: Text, value: Text }))
    .default([])
    .describe("custom options, inside the price"),
  product: ProductFacts.nullable().describe("null when the catalogue mirror lacks the sku"),
  productAbove: Text.optional().describe("key in the catalogue of the product above a variant or a part"),
});
export type SaleLine = z.infer<typeof SaleLine>;

export const SaleShipping = z.strictObject({ method: Text.nullable(), title: Text.nullable(), ...Charge });
export type SaleShipping = z.infer<typeof SaleShipping>;

/** A named total that is neither an item nor shipping: gift wrap, surcharge, a module's own fee. Gross, with its tax. */
export const SaleFee = z.strictObject({ code: Text.min(1), gross: Decimal, tax: Decimal });
export type SaleFee = z.infer<typeof SaleFee>;

export const Tender = z.strictObject({
  kind: z.enum(["giftCard", "storeCredit", "rewardPoints"]),
  amount: Decimal,
});
export type Tender = z.infer<typeof Tender>;

/** Money that arrived: a capture, by its store invoice or transaction. */
export const SaleReceipt = z.strictObject({
  key: Text.min(1).describe("transaction id, else invoice-<entity id>, else order"),
  amount: Decimal,
  at: Instant,
  transactionId: Text.nullable(),
  invoiceId: Text.nullable().default(null).describe("store invoice that captured it"),
  rate: Decimal.optional().describe("of its day, where the store states another than the order's"),
});
export type SaleReceipt = z.infer<typeof SaleReceipt>;

/** What one row of a store invoice or credit memo charges or gives back; the rest of it is on the order's line. */
export const PartLine = z.strictObject({
  lineId: Text.min(1).describe("id of the order's line"),
  quantity: Decimal,
  net: Charge.net,
  tax: Charge.tax,
  discount: Charge.discount,
  discountTax: Charge.discountTax,
  fixedTaxNet: Decimal,
  fixedTaxTax: Decimal,
  backToStock: z.boolean().describe("credit memos only"),
});
export type PartLine = z.infer<typeof PartLine>;

/** What a store invoice and a credit memo have in common: a part of the order with totals of its own. */
const Part = {
  id: Text.min(1).describe("Magento entity_id"),
  number: Text.min(1).describe("Magento increment_id"),
  at: Instant,
  lines: z.array(PartLine),
  shipping: SaleShipping.nullable(),
  fees: z.array(SaleFee),
  grandTotal: Decimal,
  tax: Decimal,
};

export const StoreInvoice = z.strictObject({
  ...Part,
  state: z.enum(["open", "paid", "cancelled"]),
  tenders: z.array(Tender),
});
export type StoreInvoice = z.infer<typeof StoreInvoice>;

export const RefundDestination = z.enum(["gateway", "offline", "storeCredit", "giftCard", "rewardPoints"]);
export type RefundDestination = z.infer<typeof RefundDestination>;

/** Money or value that went back, by where it went. */
export const SaleRefund = z.strictObject({
  destination: RefundDestination,
  amount: Decimal,
  transactionId: Text.nullable(),
});
export type SaleRefund = z.infer<typeof SaleRefund>;

export const CreditMemo = z.strictObject({
  ...Part,
  grandTotal: Decimal.describe(
    "what was given back in all, also as store credit, gift card or points: the sum of refunds",
  ),
  invoiceId: Text.nullable().describe("the store invoice that it corrects, when the store says so"),
  adjustmentRefund: Decimal.describe("adjustment_positive: goodwill, without lines"),
  adjustmentFee: Decimal.describe("adjustment_negative: kept back"),
  refunds: z.array(SaleRefund),
});
export type CreditMemo = z.infer<typeof CreditMemo>;

export const Shipment = z.strictObject({
  id: Text.min(1),
  number: Text.min(1),
  at: Instant,
  source: Text.nullable().describe("inventory source code"),
  lines: z.array(z.strictObject({ lineId: Text, quantity: Decimal })),
  tracks: z.array(z.strictObject({ carrier: Text.nullable(), title: Text.nullable(), number: Text })),
  cost: z.strictObject({ net: Decimal, tax: Decimal }).nullable().describe("what the carrier charges us"),
  fee: z
    .strictObject({ net: Decimal, tax: Decimal })
    .nullable()
    .describe("what the customer is charged apart from the invoice"),
});
export type Shipment = z.infer<typeof Shipment>;

export const CanonicalSale = z.strictObject({
  format: z.literal(1),
  source: SourceRef,
  store: z.strictObject({ id: Text, view: Text.nullable(), website: Text.nullable() }),
  state: Text,
  status: Text.nullable(),
  placedAt: Instant,
  currency: Currency,
  baseCurrency: Currency.nullable(),
  storeRate: Decimal.nullable().describe("order currency for one unit of the base currency"),
  virtual: z.boolean(),
  coupon: Text.nullable(),
  discountRules: z.array(Text).default([]).describe("ids of the cart price rules that applied"),
  customer: z.strictObject({
    key: Text.min(1).describe("C<customer id> or G<hash of the e-mail>"),
    registered: z.boolean(),
    groupId: Text.nullable(),
    group: Text.nullable().describe("name; null when the mirror lacks it"),
    taxClass: Text.nullable(),
    email: Text.nullable(),
    firstName: Text.nullable(),
    lastName: Text.nullable(),
    vatId: Text.nullable(),
  }),
  billing: Address.nullable(),
  shipTo: Address.nullable(),
  payment: z.strictObject({ method: Text.nullable(), title: Text.nullable() }),
  lines: z.array(SaleLine),
  shipping: SaleShipping.nullable(),
  fees: z.array(SaleFee),
  tenders: z.array(Tender),
  receipts: z.array(SaleReceipt),
  purchaseOrder: Text.nullable().default(null).describe("the buyer's own order number"),
  edited: z
    .strictObject({ from: Text.nullable(), to: Text.nullable() })
    .default({ from: null, to: null })
    .describe("numbers of the orders that this one replaces or is replaced by"),
  invoices: z.array(StoreInvoice).default([]),
  creditMemos: z.array(CreditMemo).default([]),
  shipments: z.array(Shipment).default([]),
  totals: z.strictObject({
    grandTotal: Decimal,
    tax: Decimal,
    subtotal: Decimal.nullable(),
    paid: Decimal,
    refunded: Decimal,
    cancelled: Decimal,
  }),
});
export type CanonicalSale = z.infer<typeof CanonicalSale>;
