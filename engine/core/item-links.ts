/**
 * Which lines of a sale name an item of the ledger (setting `items`), and whether the ledger has enough of it. Decided for all
 * invoices of the sale together, since they take from the same stock.
 */
import { inventoryAccountFault, lineAccountFault } from "./account-faults.ts";
import type { Held } from "./hold.ts";
import { itemCodeOf, reusedItemCode } from "./item-code.ts";
import { divideHalfUp, e4Of, formatE4 } from "./money.ts";
import { accountByCode } from "./org.ts";
import type { LedgerItem, PlanInput } from "./plan-input.ts";
import { isPosted } from "./posted.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, SaleLine } from "./sale.ts";
import type { Section } from "./sections.ts";
import { pointerOf } from "./shapes.ts";

/** Without a shelf, whatever the mapping keeps in stock. */
const INTANGIBLE = new Set(["virtual", "downloadable", "giftcard"]);

export type ItemLink = {
  readonly code: string;
  readonly sku: string;
  readonly productId: string | null;
  /** The ledger keeps it in stock, or will. */
  readonly tracked: boolean;
  /** The ledger lacks it, so that it is made before the invoice. */
  readonly isNew: boolean;
  /** False for an item that the ledger has too few of: its line is posted without it (INV-02). */
  readonly named: boolean;
};

/** What leaves the shelf for a bundle or kit: the revenue is on the line above it, the stock is its own (INV-08). */
export type PartLink = {
  readonly link: ItemLink;
  readonly lineId: string;
  readonly quantityE4: bigint;
  /** JSON Pointer of the part in the sale. */
  readonly path: string;
};

export type SectionItems = {
  /** By id of the sale line. */
  readonly lines: ReadonlyMap<string, ItemLink>;
  readonly parts: readonly PartLink[];
  readonly warnings: readonly string[];
};

export const NO_ITEMS: SectionItems = { lines: new Map(), parts: [], warnings: [] };

/** By step of the section; one that is in the ledger has taken its stock already and is not asked again. */
export function linkItems(
  input: PlanInput,
  sections: readonly Section[],
): Result<ReadonlyMap<string, SectionItems>, Held> {
  const linked = new Map<string, SectionItems>();
  if (input.spec.settings.items === "none") return ok(linked);
  const fault = stockAccountFault(input);
  if (fault !== undefined) return err(fault);
  const stock: Stock = { input, leftE4: new Map(), short: [] };
  for (const section of sections) {
    if (isPosted(input, { kind: "invoice", ...section.identity, part: "", generation: 1 })) continue;
    const before = stock.short.length;
    const lines = new Map(
      section.sale.lines.flatMap((line) => {
        const link = lineLink(line, stock);
        return link === undefined ? [] : [[line.id, link] as const];
      }),
    );
    const parts = section.sale.lines.flatMap((line) => partLinks(line, stock));
    const short = stock.short.slice(before);
    const [first] = short;
    if (first !== undefined && input.spec.settings.shortStock === "hold") return err(stockShort(first));
    linked.set(section.step, { lines, parts, warnings: short.map(shortWarning) });
  }
  return ok(linked);
}

type Shortage = { readonly code: string; readonly neededE4: bigint; readonly leftE4: bigint };

/** What is left of each item while the lines take theirs. */
type Stock = {
  readonly input: PlanInput;
  readonly leftE4: Map<string, bigint>;
  readonly short: Shortage[];
};

/** The kit has no stock of its own: its code is named only where the ledger does not count it. */
function lineLink(line: SaleLine, stock: Stock): ItemLink | undefined {
  const { sku, productId, parts, productType } = line;
  if (sku === null) return undefined;
  const isKit = parts.length > 0;
  const item = itemOf({ sku, productId }, stock.input);
  const tracked =
    item.known?.tracked ?? (!isKit && !INTANGIBLE.has(productType ?? "") && keepsStock(stock.input));
  if (isKit && tracked) return undefined;
  return linkOf({ ...item, sku, productId, tracked, quantityE4: e4Of(line.quantity) }, stock);
}

/** Only of items that the ledger counts; others would be lines that say nothing. */
function partLinks(line: SaleLine, stock: Stock): PartLink[] {
  const { sale } = stock.input;
  const place = sale.lines.findIndex(({ id }) => id === line.id);
  return line.parts.flatMap(({ sku, productId, quantity }, index): PartLink[] => {
    const item = itemOf({ sku, productId }, stock.input);
    const tracked = item.known?.tracked ?? keepsStock(stock.input);
    const quantityE4 = shareOf(e4Of(quantity), line, sale.lines[place]);
    if (!tracked || quantityE4 <= 0n) return [];
    const link = linkOf({ ...item, sku, productId, tracked, quantityE4 }, stock);
    const path = pointerOf("lines", place, "parts", index);
    return link === undefined ? [] : [{ link, lineId: line.id, quantityE4, path }];
  });
}

/** A store invoice of some pieces takes the parts of those. */
function shareOf(quantityE4: bigint, { quantity }: SaleLine, whole: SaleLine | undefined): bigint {
  const wholeE4 = e4Of(whole?.quantity ?? quantity);
  return wholeE4 <= 0n ? quantityE4 : divideHalfUp(quantityE4 * e4Of(quantity), wholeE4);
}

type Product = { readonly sku: string; readonly productId: string | undefined };
type Found = { readonly code: string; readonly known: LedgerItem | undefined };

/** A code that was made for another product stays that one's, whatever sku the store gives the new one (INV-10). */
function itemOf({ sku, productId }: Product, { items }: PlanInput): Found {
  const code = itemCodeOf(sku);
  const known = items?.get(code);
  const isOthers = known?.product != null && productId !== undefined && known.product !== productId;
  if (!isOthers) return { code, known };
  const own = reusedItemCode(sku, productId);
  return { code: own, known: items?.get(own) };
}

type Wanted = Found & Product & { readonly tracked: boolean; readonly quantityE4: bigint };

function linkOf(wanted: Wanted, stock: Stock): ItemLink | undefined {
  const { code, known, sku, tracked, quantityE4 } = wanted;
  const isNew = known === undefined;
  if (isNew && stock.input.spec.settings.items !== "create") return undefined;
  const named = !tracked || takes(code, quantityE4, known, stock);
  return { code, sku, productId: wanted.productId ?? null, tracked, isNew, named };
}

function takes(code: string, neededE4: bigint, known: LedgerItem | undefined, stock: Stock): boolean {
  const leftE4 = stock.leftE4.get(code) ?? e4Of(known?.onHand ?? "0");
  if (neededE4 > leftE4) {
    stock.short.push({ code, neededE4, leftE4 });
    return false;
  }
  stock.leftE4.set(code, leftE4 - neededE4);
  return true;
}

const keepsStock = ({ spec }: PlanInput): boolean => spec.settings.inventoryAccount !== null;

/** Of the accounts that an item kept in stock is made with. */
function stockAccountFault({ spec, org, sale }: PlanInput): Held | undefined {
  const { items, inventoryAccount, costOfGoodsAccount } = spec.settings;
  if (items !== "create" || inventoryAccount === null || !hasGoods(sale)) return undefined;
  const asset = inventoryAccountFault(accountByCode(org, inventoryAccount));
  if (asset !== undefined) return accountHeld("inventoryAccount", inventoryAccount, asset);
  if (costOfGoodsAccount === null) return accountHeld("costOfGoodsAccount", null, "is not set");
  const cost = lineAccountFault(accountByCode(org, costOfGoodsAccount));
  return cost === undefined ? undefined : accountHeld("costOfGoodsAccount", costOfGoodsAccount, cost);
}

const hasGoods = ({ lines }: CanonicalSale): boolean => lines.some(({ sku }) => sku !== null);

const accountHeld = (setting: string, code: string | null, fault: string): Held => ({
  hold: "accountNotUsable",
  field: pointerOf("settings", setting),
  detail: `Items are to be kept in stock, but the account ${code ?? setting} ${fault}.`,
  action: "Set inventoryAccount to an inventory account and costOfGoodsAccount to one for costs, or neither.",
});

const shortWarning = ({ code, neededE4, leftE4 }: Shortage): string =>
  `stockShort: ${code} is posted without its item, ${formatE4(neededE4)} sold and ${formatE4(leftE4)} in stock`;

const stockShort = ({ code, neededE4, leftE4 }: Shortage): Held => ({
  hold: "stockShort",
  field: "items",
  detail: `The order takes ${formatE4(neededE4)} of item ${code}, of which the ledger has ${formatE4(leftE4)}.`,
  action:
    "Enter the bill or the stock adjustment in Xero, then sync the order again; or set shortStock to withoutItem.",
});
