/** Credit memos of the small shop, and books of plans, for tests of credit notes. */
import type { Held } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import type { DocumentPlan, PlannedDocument } from "./plan.ts";
import type { PostedDocument } from "./plan-input.ts";
import { planSale } from "./plan-sale.ts";
import { type DocumentRead, readDocument } from "./read-document.ts";
import type { CanonicalSale, CreditMemo, PartLine } from "./sale.ts";
import type { Json } from "./shapes.ts";
import { orgGb, saleGb, specGb } from "./testing.ts";

export function partOf(part: Partial<PartLine> & Pick<PartLine, "lineId">): PartLine {
  return {
    quantity: "1",
    net: "10.00",
    tax: "2.00",
    discount: "0",
    discountTax: "0",
    fixedTaxNet: "0",
    fixedTaxTax: "0",
    backToStock: false,
    ...part,
  };
}

/** One mug of `saleGb`, given back to the card: 12.00 with 2.00 of tax. */
export function memoOf(memo: Partial<CreditMemo> = {}): CreditMemo {
  const grandTotal = memo.grandTotal ?? "12.00";
  return {
    id: "71",
    number: "000000071",
    at: "2026-11-10T10:00:00Z",
    lines: [partOf({ lineId: "1" })],
    shipping: null,
    fees: [],
    grandTotal,
    tax: "2.00",
    invoiceId: null,
    adjustmentRefund: "0",
    adjustmentFee: "0",
    refunds: [{ destination: "gateway", amount: grandTotal, transactionId: "re_1" }],
    ...memo,
  };
}

/** What the ledger has once a plan was delivered. */
export const postedOf = ({ documents }: Pick<DocumentPlan, "documents">): PostedDocument[] =>
  documents.map(({ step, resource, identity, body, lineage }) => ({
    step,
    resource,
    identity,
    body,
    lineage,
    ledgerId: `id-of-${step}`,
  }));

export type Posting = { readonly netCents: bigint; readonly taxCents: bigint };

/** What invoices less credit notes leave on each account with its tax type; adjustments are in accounts of their own. */
export function restOfBooks(
  documents: readonly PlannedDocument[],
  sale: CanonicalSale,
): Map<string, Posting> {
  const rest = new Map<string, Posting>();
  for (const document of documents) {
    const sign = document.resource === "Invoices" ? 1n : document.resource === "CreditNotes" ? -1n : 0n;
    if (sign === 0n) continue;
    for (const { accountCode, taxType, netCents, taxCents, kind } of readOf(document, sale).lines) {
      if (kind === "adjustment") continue;
      const key = `${accountCode} ${taxType}`;
      const before = rest.get(key) ?? { netCents: 0n, taxCents: 0n };
      rest.set(key, {
        netCents: before.netCents + sign * netCents,
        taxCents: before.taxCents + sign * taxCents,
      });
    }
  }
  return rest;
}

export function readOf(document: PlannedDocument, sale: CanonicalSale): DocumentRead {
  const read = readDocument(document, sale, orgGb);
  if (!read.ok) throw new Error(read.error.detail);
  return read.value;
}

export type Given = {
  readonly sale?: Partial<CanonicalSale>;
  readonly spec?: MappingSpec;
  readonly posted?: readonly PostedDocument[];
  /** The period lock date of the books. */
  readonly lock?: string;
};

export const planOf = ({ sale = {}, spec = specGb, posted = [], lock }: Given) =>
  planSale({
    sale: { ...saleGb, ...sale },
    spec,
    org: { ...orgGb, periodLockDate: lock ?? null },
    posted,
  });

export function planned(given: Given): DocumentPlan {
  const plan = planOf(given);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

export function held(given: Given): Held {
  const plan = planOf(given);
  if (plan.ok) throw new Error("planned, not held");
  return plan.error;
}

export const bodyOf = (plan: DocumentPlan, step: string): { [key: string]: Json } =>
  plan.documents.find((document) => document.step === step)?.body ?? {};

export const stepsOf = ({ documents }: DocumentPlan): string[] => documents.map(({ step }) => step);

/** The small shop's order once it has these memos. */
export const refunded = (...creditMemos: CreditMemo[]): Partial<CanonicalSale> => ({
  creditMemos,
  totals: { ...saleGb.totals, refunded: "1.00" },
});

/** Everything of `saleGb`: three mugs and postage. */
export const wholeMemo = (memo: Partial<CreditMemo> = {}): CreditMemo =>
  memoOf({
    lines: [partOf({ lineId: "1", quantity: "3", net: "30.00", tax: "6.00" })],
    shipping: saleGb.shipping,
    grandTotal: "42.00",
    tax: "7.00",
    ...memo,
  });
