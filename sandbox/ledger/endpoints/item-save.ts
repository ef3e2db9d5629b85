import type { Item, ItemSide } from "../books/rows.ts";
import { roundTo, UNITS } from "../wire/decimal.ts";
import { say } from "../wire/messages.ts";
import { decimal, flag, guid, type Read, record, text } from "../wire/shape.ts";
import type { Call } from "./call.ts";

const sideShape = { UnitPrice: decimal, AccountCode: text, COGSAccountCode: text, TaxType: text };
export const itemShape = {
  ItemID: guid,
  Code: text,
  Name: text,
  Description: text,
  PurchaseDescription: text,
  IsSold: flag,
  IsPurchased: flag,
  InventoryAssetAccountCode: text,
  SalesDetails: record(sideShape),
  PurchaseDetails: record(sideShape),
};
export type ItemDraft = Read<typeof itemShape>;
type SideDraft = Read<typeof sideShape>;

/** facts/xero.md section 4, Items. */
const LENGTHS = { Code: 30, Name: 50, Description: 4000, PurchaseDescription: 4000 } as const;

export function checkItem(call: Call, draft: ItemDraft, existing: Item | undefined): string[] {
  const errors: string[] = [];
  const code = draft.Code ?? existing?.code ?? "";
  if (code === "") errors.push("Item Code must be specified");
  for (const [field, max] of Object.entries(LENGTHS)) {
    const value = draft[field as keyof typeof LENGTHS];
    if (value !== undefined && value.length > max) errors.push(say.tooLong(field, max));
  }
  const holder = call.books.find("items", "code", code)[0];
  if (holder !== undefined && holder.id !== existing?.id) errors.push(say.itemCodeTaken(code));
  for (const side of [draft.SalesDetails, draft.PurchaseDetails]) errors.push(...sideErrors(call, side));
  errors.push(...trackingErrors(call, draft, existing));
  return errors;
}

function sideErrors(call: Call, side: SideDraft | undefined): string[] {
  const errors: string[] = [];
  for (const code of [side?.AccountCode, side?.COGSAccountCode]) {
    if (code && call.books.find("accounts", "code", code)[0]?.status !== "ACTIVE")
      errors.push(say.accountNotValid(code));
  }
  const type = side?.TaxType;
  if (type && call.books.get("taxRates", type)?.status !== "ACTIVE") errors.push(say.taxTypeUnknown(type));
  return errors;
}

/** Tracked when both the inventory asset account and the cost account are set (facts/xero.md section 5, rule 13). */
function trackingErrors(call: Call, draft: ItemDraft, existing: Item | undefined): string[] {
  const asset = draft.InventoryAssetAccountCode || existing?.inventoryAssetAccountCode;
  const cogs = draft.PurchaseDetails?.COGSAccountCode || existing?.purchase.cogsAccountCode;
  if (!asset && !cogs) return [];
  if (!asset || !cogs)
    return ["InventoryAssetAccountCode and COGSAccountCode are both needed for a tracked item."];
  const account = call.books.find("accounts", "code", asset)[0];
  const errors = account?.type === "INVENTORY" ? [] : [say.accountNotValid(asset)];
  if (draft.PurchaseDetails?.AccountCode) {
    errors.push("PurchaseDetails AccountCode is not applicable to a tracked item.");
  }
  return errors;
}

export function itemOf(call: Call, draft: ItemDraft, existing: Item | undefined): Item {
  const code = draft.Code ?? existing?.code ?? "";
  const isSold = draft.IsSold ?? existing?.isSold ?? true;
  const isPurchased = draft.IsPurchased ?? existing?.isPurchased ?? true;
  const asset = draft.InventoryAssetAccountCode || existing?.inventoryAssetAccountCode;
  const description = draft.Description ?? existing?.description;
  const purchaseDescription = draft.PurchaseDescription ?? existing?.purchaseDescription;
  return {
    id: existing?.id ?? call.newId(),
    code,
    name: draft.Name ?? existing?.name ?? code.slice(0, LENGTHS.Name),
    isSold,
    isPurchased,
    // Turning a side off empties it (OpenAPI, Item.IsSold).
    sales: isSold ? sideOf(call, draft.SalesDetails, existing?.sales) : {},
    purchase: isPurchased ? sideOf(call, draft.PurchaseDetails, existing?.purchase) : {},
    quantityOnHand: existing?.quantityOnHand ?? 0n,
    costPool: existing?.costPool ?? 0n,
    updatedMs: call.nowMs,
    ...(description === undefined || !isSold ? {} : { description }),
    ...(purchaseDescription === undefined || !isPurchased ? {} : { purchaseDescription }),
    ...(asset ? { inventoryAssetAccountCode: asset } : {}),
  };
}

function sideOf(call: Call, draft: SideDraft | undefined, before: ItemSide | undefined): ItemSide {
  const isFour = call.query.text("unitdp") === "4";
  const step = isFour ? 1n : 100n;
  const price = draft?.UnitPrice;
  const unitPrice =
    price === undefined
      ? before?.unitPrice
      : roundTo(price, isFour ? UNITS : 2, call.org.behaviour.ties) * step;
  const accountCode = draft?.AccountCode || before?.accountCode;
  const cogsAccountCode = draft?.COGSAccountCode || before?.cogsAccountCode;
  const taxType = draft?.TaxType || before?.taxType;
  return {
    ...(unitPrice === undefined ? {} : { unitPrice }),
    ...(accountCode === undefined ? {} : { accountCode }),
    ...(cogsAccountCode === undefined ? {} : { cogsAccountCode }),
    ...(taxType === undefined ? {} : { taxType }),
  };
}
