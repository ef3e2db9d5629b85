/**
 * What of a credit note goes back to the shelf: its lines name the item of the invoice's line where the goods are back in stock,
 * and none where they are not, so that revenue and tax are taken back alone (facts/accounting.md REF-17, INV-07).
 */
import type { CreditLines } from "./credit-lines.ts";
import { divideHalfUp, e4Of, formatE4 } from "./money.ts";
import type { Leaf, Node } from "./plan.ts";
import { computed, fixed, type PlanInput } from "./plan-input.ts";
import { lineNodes } from "./plan-line-nodes.ts";
import { type DocumentLine, type DocumentRead, lineKey, partsKey } from "./read-document.ts";
import type { Reduction } from "./reductions.ts";
import { plainQuantity } from "./sale-facts.ts";

export type CreditItems = {
  readonly input: PlanInput;
  readonly reduction: Reduction;
  readonly invoices: readonly DocumentRead[];
  readonly lines: CreditLines;
};

export function creditNodes(parts: CreditItems): Node[] {
  const { input, reduction, invoices, lines } = parts;
  const { sale, base } = reduction;
  const invoiced = invoices.flatMap((invoice) => invoice.lines);
  const nodes = lineNodes(lines.lines, lines.decided, { ...input, sale }, lines.discount, base || "/totals");
  const own = nodes.map((node, index) => {
    const line = lines.lines[index];
    const isOne = line?.component?.kind === "item" && line.count === 1;
    const id = isOne ? (sale.lines[line.component?.index ?? 0]?.id ?? "") : "";
    const code = invoiced.find(({ kind, keys }) => kind === "part" && keys.includes(lineKey(id)))?.itemCode;
    return { ...node, ItemCode: code != null && isNamed(code, id, parts) ? code : undefined };
  });
  return [...own, ...kitNodes(parts, invoiced)];
}

/** Items that the ledger does not count may be named always: naming them moves no stock. */
function isNamed({ leaf }: Leaf, lineId: string, { input, reduction }: CreditItems): boolean {
  const known = input.items?.get(String(leaf))?.tracked;
  const isTracked = known ?? input.spec.settings.inventoryAccount !== null;
  return !isTracked || isRestocked(lineId, reduction, input);
}

/** What was cancelled never left; what came back is on the shelf where the store says so and the mapping follows it. */
function isRestocked(lineId: string, { memo }: Reduction, { spec }: PlanInput): boolean {
  if (memo === null) return true;
  if (spec.settings.restock === "never") return false;
  return memo.lines.some((line) => line.lineId === lineId && line.backToStock);
}

/** Parts of a kit that are back: lines of nothing, as the invoice took them from stock. */
function kitNodes({ input, reduction, lines }: CreditItems, invoiced: readonly DocumentLine[]): Node[] {
  return reduction.sale.lines.flatMap(({ id, quantity, parts }): Node[] => {
    const wholeE4 = e4Of(input.sale.lines.find((line) => line.id === id)?.quantity ?? "0");
    const own = invoiced.filter(({ keys }) => keys.includes(partsKey(id)));
    if (wholeE4 <= 0n || !isRestocked(id, reduction, input)) return [];
    return own.flatMap(({ itemCode, taxType, accountCode, account, tax, tracking, paths }): Node[] => {
      const part = parts[Number(paths[0]?.split("/").at(-1))];
      const line = lines.decided.find(({ component }) => reduction.sale.lines[component.index]?.id === id);
      const quantityE4 = divideHalfUp(e4Of(part?.quantity ?? "0") * e4Of(quantity), wholeE4);
      if (part === undefined || line === undefined || itemCode === null || quantityE4 <= 0n) return [];
      const nothing = fixed(formatE4(0n), "the revenue is on the line of the kit");
      return [
        {
          Description: fixed("Part of a kit, back in stock", "a line that moves stock only"),
          Quantity: computed(plainQuantity(quantityE4), "pieces of the part for the kits that came back", [
            line.component.path,
          ]),
          UnitAmount: nothing,
          LineAmount: nothing,
          TaxType: { leaf: taxType, from: tax },
          AccountCode: { leaf: accountCode, from: account },
          ItemCode: itemCode,
          Tracking: tracking.length > 0 ? tracking : undefined,
        },
      ];
    });
  });
}
