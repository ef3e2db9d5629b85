/** The items of one invoice: those that are made before it, and the lines of what leaves the shelf for a kit. */
import type { ItemLink, SectionItems } from "./item-links.ts";
import { formatE4 } from "./money.ts";
import type { Node, PlannedDocument } from "./plan.ts";
import { computed, type PlanInput } from "./plan-input.ts";
import { codeLeaf, itemStep, planItem } from "./plan-item.ts";
import type { DecidedComponent } from "./plan-line-rules.ts";
import { cleanText, plainQuantity } from "./sale-facts.ts";

/** Items that the ledger lacks, each once, with the account and tax type of the line that sells it. */
export function newItems(
  { lines, parts }: SectionItems,
  decided: readonly DecidedComponent[],
  input: PlanInput,
): PlannedDocument[] {
  const made = new Map<string, PlannedDocument>();
  const make = (link: ItemLink, line: DecidedComponent, name: string | null, path: string): void => {
    if (link.isNew && !made.has(link.code))
      made.set(link.code, planItem({ ...line, link, name, path }, input));
  };
  for (const line of itemLines(decided)) {
    const { id, name } = input.sale.lines[line.component.index] ?? { id: "", name: null };
    const link = lines.get(id);
    if (link !== undefined) make(link, line, name, line.component.path);
    for (const part of parts) if (part.lineId === id) make(part.link, line, part.link.sku, part.path);
  }
  return [...made.values()];
}

/** Steps of the items that the lines of the invoice name and the ledger does not have yet. */
export const itemSteps = ({ lines, parts }: SectionItems): string[] => {
  const links = [...lines.values(), ...parts.map(({ link }) => link)];
  return [...new Set(links.flatMap(({ isNew, named, code }) => (isNew && named ? [itemStep(code)] : [])))];
};

/** Lines of nothing that take the parts of a kit from stock; the kit's own line has the revenue (PROD-02, INV-08). */
export function partNodes(
  { parts }: SectionItems,
  decided: readonly DecidedComponent[],
  { sale }: PlanInput,
): Node[] {
  return parts.flatMap(({ link, lineId, quantityE4, path }): Node[] => {
    const line = itemLines(decided).find(({ component }) => sale.lines[component.index]?.id === lineId);
    if (line === undefined || !link.named) return [];
    const nothing = computed(formatE4(0n), "the revenue is on the line of the kit", [path]);
    return [
      {
        Description: computed(cleanText(link.sku), "part of a kit", [path]),
        Quantity: computed(plainQuantity(quantityE4), "pieces of the part for the kits of this invoice", [
          path,
        ]),
        UnitAmount: nothing,
        LineAmount: nothing,
        TaxType: { leaf: line.taxType, from: line.tax },
        AccountCode: { leaf: line.accountCode, from: line.account },
        ItemCode: codeLeaf(link, path),
        Tracking: line.tracking.length > 0 ? line.tracking : undefined,
      },
    ];
  });
}

const itemLines = (decided: readonly DecidedComponent[]): DecidedComponent[] =>
  decided.filter(({ component }) => component.kind === "item");
