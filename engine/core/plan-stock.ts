/**
 * Stock of a tracked item: what the ledger counts follows what was counted (facts/accounting.md INV-01, INV-03 to INV-05). Up is a
 * bill, down a supplier's credit note, both of nothing: the item's value against the account of stock adjustments. A journal
 * would change the value and not the quantity. Lineage points into the adjustment.
 */
import { accept } from "./acceptance.ts";
import { inventoryAccountFault, lineAccountFault } from "./account-faults.ts";
import { stockPieces } from "./exact-pieces.ts";
import type { Held } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import { absOf, divideHalfUp, e4Of, formatCents, formatE4, roundToCents, sumOf } from "./money.ts";
import { accountByCode, type Org } from "./org.ts";
import { compose, type Node, type PlannedDocument } from "./plan.ts";
import { CONTACT_STEP, sharedContact } from "./plan-contact.ts";
import { computed, fixed, fromReceipt, fromSetting, fromSource } from "./plan-input.ts";
import { productKey } from "./plan-item.ts";
import { err, ok, type Result } from "./result.ts";
import { plainQuantity } from "./sale-facts.ts";

/** Who says how many there are; one of them for each sku, so that two never overwrite each other. */
export type StockMaster = "store" | "ledger" | "elsewhere";

export type StockCount = {
  readonly master: StockMaster;
  /** Pieces by inventory source, as the store counts them; a backorder is below zero. */
  readonly sources: ReadonlyMap<string, string>;
  /** Codes of the sources that the ledger's quantity stands for. */
  readonly scope: readonly string[];
  readonly onHand: string;
};

export type StockDecision = { readonly write: "ledger" | "store" | "nothing"; readonly change: string };

/**
 * What is to be written where: the difference, to the side that is not the master, or nothing. The ledger knows one place and
 * never less than nothing: sources in scope are added up, what is owed to customers is not stock (INV-02).
 */
export function decideStock({ master, sources, scope, onHand }: StockCount): StockDecision {
  const countedE4 = sumOf(scope.map((source) => e4Of(sources.get(source) ?? "0")));
  const differenceE4 = (countedE4 > 0n ? countedE4 : 0n) - e4Of(onHand);
  if (differenceE4 === 0n || master === "elsewhere") return { write: "nothing", change: "0" };
  return master === "store"
    ? { write: "ledger", change: plainQuantity(differenceE4) }
    : { write: "store", change: plainQuantity(-differenceE4) };
}

export type StockAdjustment = {
  /** Of the adjustment, for ever: two stocktakes of one item are two documents. */
  readonly id: string;
  readonly sku: string;
  readonly productId: string | null;
  readonly itemCode: string;
  /** Calendar date in the organisation's time zone. */
  readonly date: string;
  /** Pieces, below zero for fewer. */
  readonly quantity: string;
  /** Of one piece that was found; what is gone has the average cost. */
  readonly unitCost: string;
  /** What the ledger has of it now and what that cost, from its item. */
  readonly onHand: string;
  readonly costPool: string;
};

/** The contact and the document. */
export function planStockAdjustment(
  adjustment: StockAdjustment,
  spec: MappingSpec,
  org: Org,
): Result<readonly PlannedDocument[], Held> {
  const fault = settingsFault(spec, org) ?? quantityFault(adjustment);
  if (fault !== undefined) return err(fault);
  const contact = sharedContact(
    spec,
    CONTACT_NAME,
    fixed(CONTACT_NAME, "nobody is owed for a stock adjustment"),
  );
  const lines = linesOf(adjustment, spec);
  if (lines === undefined) return err(notExact(adjustment));
  const documents = [contact, adjustmentDocument(adjustment, spec, org, lines)];
  const refused = accept({ documents, checks: [] }, org);
  return refused === undefined ? ok(documents) : err(refused);
}

const CONTACT_NAME = "Stock adjustments";

function adjustmentDocument(
  { id, sku, productId, itemCode, quantity, date }: StockAdjustment,
  { settings }: MappingSpec,
  { baseCurrency }: Org,
  lines: readonly Node[],
): PlannedDocument {
  const isUp = e4Of(quantity) > 0n;
  const number = `${settings.numberPrefix}STOCK-${itemCode}-${id}`.replace(/[^\x20-\x7e]/g, "_");
  const numberLeaf = computed(number, "number prefix, item code and adjustment", ["/itemCode", "/id"]);
  return {
    step: `stock-${id}`,
    after: [CONTACT_STEP],
    resource: isUp ? "Invoices" : "CreditNotes",
    method: "PUT",
    identity: {
      kind: "stockAdjustment",
      sourceType: "product",
      sourceId: productKey({ sku, productId }),
      part: id,
      generation: 1,
    },
    lookup: { by: isUp ? "InvoiceNumber" : "CreditNoteNumber", value: number },
    ...compose({
      Type: fixed(
        isUp ? "ACCPAY" : "ACCPAYCREDIT",
        "the ledger moves stock with bills and their credit notes",
      ),
      Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
      InvoiceNumber: isUp ? numberLeaf : undefined,
      CreditNoteNumber: isUp ? undefined : numberLeaf,
      Date: fromSource(date, "/date"),
      DueDate: isUp ? fromSource(date, "/date") : undefined,
      LineAmountTypes: fixed("NoTax", "nothing is bought or sold"),
      CurrencyCode: fixed(baseCurrency, "stock has its value in the organisation's currency"),
      Status: fixed("AUTHORISED", "a draft moves no stock"),
      LineItems: lines,
    }),
  };
}

/** Each line of the item is taken back on the account of adjustments, so that the document comes to nothing. */
function linesOf(adjustment: StockAdjustment, { settings }: MappingSpec): readonly Node[] | undefined {
  const { itemCode } = adjustment;
  const valueCents = valueCentsOf(adjustment);
  const pieces = stockPieces(absOf(e4Of(adjustment.quantity)), valueCents);
  const taxType = fromSetting(settings.roundingTaxType, "roundingTaxType");
  const line = (quantityE4: bigint, unitE4: bigint, amountCents: bigint) => ({
    Description: computed(`Stock adjustment of ${itemCode}`, "the item", ["/itemCode"]),
    Quantity: computed(plainQuantity(quantityE4), "pieces, without their sign", ["/quantity"]),
    UnitAmount: computed(formatE4(unitE4), BY, COST_PATHS),
    LineAmount: computed(formatCents(amountCents), BY, COST_PATHS),
    TaxType: taxType,
  });
  return pieces?.flatMap(({ quantityE4, unitE4, amountCents }) => [
    {
      ...line(quantityE4, unitE4, amountCents),
      AccountCode: fromSetting(settings.inventoryAccount, "inventoryAccount"),
      ItemCode: fromSource(itemCode, "/itemCode"),
    },
    {
      ...line(quantityE4, -unitE4, -amountCents),
      AccountCode: fromSetting(settings.stockAdjustmentAccount, "stockAdjustmentAccount"),
    },
  ]);
}

const BY = "what was found at its cost, what is gone at the average cost";
const COST_PATHS = ["/quantity", "/unitCost", "/onHand", "/costPool"];
const E4 = 10_000n;

/** The last pieces take all that is left of the value. */
function valueCentsOf({ quantity, unitCost, onHand, costPool }: StockAdjustment): bigint {
  const changeE4 = e4Of(quantity);
  if (changeE4 > 0n) return roundToCents(divideHalfUp(changeE4 * e4Of(unitCost), E4));
  return roundToCents(divideHalfUp(e4Of(costPool) * -changeE4, e4Of(onHand)));
}

function settingsFault({ settings }: MappingSpec, org: Org): Held | undefined {
  const { inventoryAccount, stockAdjustmentAccount, roundingTaxType } = settings;
  if (inventoryAccount === null) return notSet("inventoryAccount");
  if (stockAdjustmentAccount === null) return notSet("stockAdjustmentAccount");
  if (roundingTaxType === null) return notSet("roundingTaxType");
  const asset = inventoryAccountFault(accountByCode(org, inventoryAccount));
  if (asset !== undefined) return notUsable("inventoryAccount", inventoryAccount, asset);
  const fault = lineAccountFault(accountByCode(org, stockAdjustmentAccount));
  return fault === undefined ? undefined : notUsable("stockAdjustmentAccount", stockAdjustmentAccount, fault);
}

/** Of nothing there is no document, and of more than there is none that the ledger takes. */
function quantityFault({ itemCode, quantity, onHand }: StockAdjustment): Held | undefined {
  const changeE4 = e4Of(quantity);
  if (changeE4 === 0n) return nothingToAdjust;
  return e4Of(onHand) + changeE4 < 0n ? tooFew(itemCode, quantity, onHand) : undefined;
}

const notSet = (setting: string): Held => ({
  hold: "noRule",
  field: `/settings/${setting}`,
  detail: `A stock adjustment needs the setting ${setting}, which is empty.`,
  action: `Set ${setting} in the mapping.`,
});

const notUsable = (setting: string, code: string, fault: string): Held => ({
  hold: "accountNotUsable",
  field: `/settings/${setting}`,
  detail: `Account ${code} ${fault}.`,
  action: `Choose another account for ${setting} in the mapping.`,
});

const nothingToAdjust: Held = {
  hold: "nothingToPost",
  field: "/quantity",
  detail: "The ledger has as many as were counted.",
  action: "Nothing to do.",
};

const tooFew = (code: string, quantity: string, onHand: string): Held => ({
  hold: "stockShort",
  field: "/quantity",
  detail: `An adjustment of ${quantity} would leave item ${code} below zero: the ledger has ${onHand}.`,
  action: "Enter the bills that are missing in Xero, then count again.",
});

const notExact = ({ itemCode, quantity }: StockAdjustment): Held => ({
  hold: "fieldInvalid",
  field: "/unitCost",
  detail: `The value of ${quantity} of item ${itemCode} cannot be written as quantity times a unit price of four decimals.`,
  action: "Enter the adjustment in Xero by hand.",
});
