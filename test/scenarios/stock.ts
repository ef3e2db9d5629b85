/** A mapping that keeps items in stock, and what the ledger says of them. */
import type { MappingSpec } from "../../engine/core/mapping.ts";
import type { LedgerItem } from "../../engine/core/plan-input.ts";
import { withSettings } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import type { Books } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";

export const STOCK: MappingSpec = withSettings(SPEC, {
  items: "link",
  inventoryAccount: ACCOUNT.inventory,
  costOfGoodsAccount: ACCOUNT.costOfGoods,
  stockAdjustmentAccount: ACCOUNT.stockAdjustment,
});

export const tracked = (code: string, onHandText: string): LedgerItem => ({
  code,
  tracked: true,
  onHand: onHandText,
});

export const itemIn = (ledger: Books, code: string): Body =>
  ledger.call("GET", `Items/${code}?unitdp=4`).Items[0];
export const onHand = (ledger: Books, code: string): number => itemIn(ledger, code).QuantityOnHand;

/** Mugs of 12.00 with tax. */
export const mugs = (qty: number) => ({
  rows: [{ sku: "MUG", qty, rowTotal: qty * 10, tax: qty * 2, percent: 20 }],
  grandTotal: qty * 12,
  tax: qty * 2,
});
