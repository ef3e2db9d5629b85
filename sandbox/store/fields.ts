import type { Side } from "./cart.ts";

/** Three columns were cut to fit a database limit; the REST names kept the cut (magento.md 3). */
const CUT: Record<string, string> = {
  shipping_discount_tax_compensation_amount: "base_shipping_discount_tax_compensation_amnt",
  weee_tax_applied_row_amount: "base_weee_tax_applied_row_amnt",
};

/** The REST name of a money field on one side: plain for the order currency, base_* for the base currency. */
export const fieldOf = (side: Side, name: string): string =>
  side === "order" ? name : (CUT[name] ?? `base_${name}`);
