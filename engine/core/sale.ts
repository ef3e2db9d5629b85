/**
 * What was sold, taxed, discounted and paid, in the store's own figures. Amounts are decimal text in the order's
 * currency with Magento's signs turned positive: a discount of 5 is "5.00". Text written by buyers is data, never more.
 */
import { z } from "zod";
import { Currency, Decimal, Instant } from "./shapes.ts";

const Text = z.string();

export const SourceRef = z.strictObject({
  system: z.literal("magento"),
  type: z.enum(["order", "invoice", "creditmemo"]),
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
  name: Text.nullable(),
  productType: Text.nullable(),
  quantity: Decimal,
  ...Charge,
  fixedTaxNet: Decimal.describe("fixed product tax of the row, without tax"),
  fixedTaxTax: Decimal.describe("tax on the fixed product tax"),
  product: ProductFacts.nullable().describe("null when the catalogue mirror lacks the sku"),
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

/** Money that arrived: a capture, by its store invoice or transaction. */
export const SaleReceipt = z.strictObject({
  key: Text.min(1).describe("transaction id, else invoice-<entity id>, else order"),
  amount: Decimal,
  at: Instant,
  transactionId: Text.nullable(),
});
export type SaleReceipt = z.infer<typeof SaleReceipt>;

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
