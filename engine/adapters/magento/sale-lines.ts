/** What was sold: the items that carry the money, with what the catalogue knows of them. */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, formatE4 } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { SaleLine } from "../../core/sale.ts";
import type { CatalogueProduct } from "../../ports.ts";
import { fixedTaxOf } from "./fixed-tax.ts";
import { optionsOf } from "./item-options.ts";
import { type MoneyItem, moneyItems, partsOf, productIdOf } from "./items.ts";
import type { MagentoItem, MagentoOrder } from "./order.ts";
import { fieldInvalid, fieldMissing } from "./order-holds.ts";
import { keyOfId } from "./product-key.ts";
import { appliedTaxes } from "./sale-shipping.ts";

type LineInput = {
  readonly order: MagentoOrder;
  readonly products: ReadonlyMap<string, CatalogueProduct>;
};

export function toLines(items: readonly MagentoItem[], input: LineInput): Result<SaleLine[], Held> {
  const lines: SaleLine[] = [];
  const ids = items.map(({ item_id }) => item_id);
  for (const money of moneyItems(items)) {
    const { item } = money;
    // Named by its place in the order, not by its text, so that the hold repeats nothing of the buyer's.
    const place = `items[${ids.indexOf(item.item_id)}]`;
    if (item.item_id === undefined) return err(fieldMissing(`${place}.item_id`, "the item's id"));
    const fixedTax = fixedTaxOf(item);
    if (fixedTax === undefined) {
      return err(fieldInvalid(`${place}.weee_tax_applied`, "JSON text with a list of fixed product taxes"));
    }
    lines.push({ ...toLine(money, item.item_id, input), ...fixedTax });
  }
  return ok(lines);
}

function toLine(money: MoneyItem, id: string, { order, products }: LineInput) {
  const { item } = money;
  const above = keyAbove(money);
  const productId = productIdOf(money);
  return {
    id,
    sku: item.sku,
    name: item.name,
    productType: item.product_type,
    quantity: item.qty_ordered,
    net: item.row_total,
    tax: item.tax_amount,
    discount: formatE4(absOf(e4Of(item.discount_amount))),
    discountTax: item.discount_tax_compensation_amount,
    taxRate: item.tax_percent,
    parts: partsOf(money),
    options: optionsOf(item),
    appliedTaxes: appliedTaxes(order, (taxes) => taxes.type === "product" && taxes.item_id === id),
    product: productOf(item, above, products),
    ...(above !== undefined && { productAbove: above }),
    ...(productId !== undefined && { productId }),
  };
}

/** A configurable's row has the sku of the variant, so the product above it is known by its id only. */
function keyAbove({ item, parent }: MoneyItem): string | undefined {
  const above = parent ?? (item.product_type === "configurable" ? item : null);
  return above?.product_id === undefined ? undefined : keyOfId(above.product_id);
}

/** A variant is often in no category of its own: then it is where the product above it is, as far as the mirror knows that. */
function productOf(
  { sku }: MagentoItem,
  above: string | undefined,
  products: LineInput["products"],
): SaleLine["product"] {
  const product = sku === null ? undefined : products.get(sku);
  if (product === undefined) return null;
  const inherited = above === undefined ? undefined : products.get(above)?.categories;
  return {
    taxClass: product.taxClass,
    attributeSet: product.attributeSet,
    categories: [...(product.categories.length > 0 ? product.categories : (inherited ?? []))],
  };
}
