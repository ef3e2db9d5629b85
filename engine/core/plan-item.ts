/**
 * Product -> item of the ledger. Only what the sale knows of it is said, and never what it cost: the ledger owns that
 * (facts/accounting.md INV-09). No price either, since an order says what was charged and not what the catalogue asks (PROD-14).
 */
import type { ItemLink } from "./item-links.ts";
import { compose, type Lineage, type Node, type PlannedDocument } from "./plan.ts";
import { computed, fromSetting, fromSource, type PlanInput } from "./plan-input.ts";
import { cleanText, cutText } from "./sale-facts.ts";

const NAME_MAX = 50;
const DESCRIPTION_MAX = 4_000;

export type NewItem = {
  readonly link: ItemLink;
  readonly name: string | null;
  /** JSON Pointer of the line or part that sells it. */
  readonly path: string;
  /** As the line is booked that sells it first. */
  readonly accountCode: string;
  readonly account: Lineage;
  readonly taxType: string;
  readonly tax: Lineage;
};

export const itemStep = (code: string): string => `item-${code}`;

/** An item is found again by its code; whoever made it, lines may name it. */
export function planItem(item: NewItem, { spec }: Pick<PlanInput, "spec">): PlannedDocument {
  const { link, path } = item;
  const { inventoryAccount: asset, costOfGoodsAccount: cost } = spec.settings;
  const name = cleanText(item.name ?? "") || link.code;
  const inStock = link.tracked && asset !== null && cost !== null;
  const tree: { [key: string]: Node | undefined } = {
    Code: codeLeaf(link, path),
    Name: fromSource(cutText(name, NAME_MAX), path),
    Description: fromSource(descriptionOf(name, link), path),
    SalesDetails: {
      AccountCode: { leaf: item.accountCode, from: item.account },
      TaxType: { leaf: item.taxType, from: item.tax },
    },
    InventoryAssetAccountCode: inStock ? fromSetting(asset, "inventoryAccount") : undefined,
    PurchaseDetails: inStock ? { COGSAccountCode: fromSetting(cost, "costOfGoodsAccount") } : undefined,
  };
  return {
    step: itemStep(link.code),
    after: [],
    resource: "Items",
    method: "PUT",
    identity: { kind: "item", sourceType: "product", sourceId: productKey(link), part: "", generation: 1 },
    lookup: { by: "Code", value: link.code },
    ...compose(tree),
  };
}

export const codeLeaf = ({ code, sku }: ItemLink, path: string): Node =>
  code === sku
    ? fromSource(code, path)
    : computed(code, "item code of the sku: its beginning and a hash of the whole", [path]);

/** The same sku of another product is another product (INV-10). */
export const productKey = ({ productId, sku }: Pick<ItemLink, "productId" | "sku">): string =>
  `${productId ?? ""}/${sku}`;

function descriptionOf(name: string, { code, sku }: ItemLink): string {
  const full = code === sku ? "" : ` (${cleanText(sku)})`;
  return cutText(name, DESCRIPTION_MAX - full.length) + full;
}

export type ItemTexts = { readonly name: string; readonly description: string };

/**
 * What changes of an item that the ledger has: the texts that differ and nothing else, so that its price and above all its
 * purchase details stay the ledger's; undefined when there is nothing to say.
 */
export function itemChange(code: string, store: ItemTexts, ledger: ItemTexts): ItemChange | undefined {
  const wanted = {
    Name: cutText(cleanText(store.name), NAME_MAX) || code,
    Description: cutText(cleanText(store.description), DESCRIPTION_MAX),
  };
  const changes = {
    ...(wanted.Name === ledger.name ? {} : { Name: wanted.Name }),
    ...(wanted.Description === ledger.description || wanted.Description === ""
      ? {}
      : { Description: wanted.Description }),
  };
  return Object.keys(changes).length === 0 ? undefined : { Code: code, ...changes };
}

/** Of a POST on Items. */
export type ItemChange = { readonly Code: string; readonly Name?: string; readonly Description?: string };
