/**
 * What was posted against what the ledger has now (facts/accounting.md REC-01 to REC-05): documents that agree, each difference
 * by its kind, and control totals of both sides. People own the ledger: a difference is shown and never written over.
 */
import { type Control, controlTotals } from "./control-totals.ts";
import {
  centsOf,
  type LedgerSnapshot,
  type PostedLine,
  plannedLines,
  snapshotLines,
  textOf,
} from "./ledger-snapshot.ts";
import { formatCents } from "./money.ts";
import type { Org } from "./org.ts";
import type { PlannedDocument } from "./plan.ts";

/** A document that was delivered: the body that was sent, and its receipts. */
export type Booked = Pick<PlannedDocument, "step" | "resource" | "body"> & {
  readonly ledgerId: string;
  /** The ledger's id of its contact; of a payment, of the document that it settles. */
  readonly contactId?: string | null;
  readonly parentId?: string | null;
};

export const DIFFERENCES = [
  "missing",
  "extra",
  "voided",
  "status",
  "total",
  "tax",
  "lines",
  "date",
  "contact",
  "currency",
  "hiddenRounding",
] as const;

export type Difference = {
  readonly kind: (typeof DIFFERENCES)[number];
  readonly ledgerId: string;
  readonly number: string;
  /** As it was posted, and as the ledger has it; empty where one side has nothing. */
  readonly expected: string;
  readonly actual: string;
  /** Ledger less posted, as decimal text; null where it is no amount. */
  readonly difference: string | null;
};

export type Reconciliation = {
  /** Ledger ids of the posted documents that are as they were posted. */
  readonly agreed: readonly string[];
  readonly differences: readonly Difference[];
  readonly controls: readonly Control[];
};

export type ReconcileInput = {
  readonly booked: readonly Booked[];
  /** Every document of the period that the ledger has, ours or not; and those that were posted, whatever their date is now. */
  readonly ledger: readonly LedgerSnapshot[];
  readonly org: Org;
  /** What only our numbers begin with; empty when other numbers may look like ours. */
  readonly numberPrefix: string;
};

export function reconcile({ booked, ledger, org, numberPrefix }: ReconcileInput): Reconciliation {
  const byId = new Map(ledger.map((document) => [document.id, document]));
  const headed = booked.filter(({ resource }) => HEADED.includes(resource));
  const payments = booked.filter(({ resource }) => resource === "Payments");
  const found = [
    ...headed.map((document) => compared(document, byId.get(document.ledgerId), org)),
    ...payments.flatMap((payment) => comparedPayment(payment, byId)),
  ];
  const extra = extras(headed, ledger, numberPrefix);
  const ours = ledger.filter(
    ({ id }) => headed.some(({ ledgerId }) => ledgerId === id) || extra.some((one) => one.ledgerId === id),
  );
  return {
    agreed: found.filter(({ differences }) => differences.length === 0).map(({ ledgerId }) => ledgerId),
    differences: [...found.flatMap(({ differences }) => differences), ...extra],
    controls: controlTotals(headed, ours, org),
  };
}

const HEADED: readonly PlannedDocument["resource"][] = ["Invoices", "CreditNotes", "BankTransactions"];
const GONE: readonly string[] = ["VOIDED", "DELETED"];

type Compared = { readonly ledgerId: string; readonly differences: readonly Difference[] };

function compared(booked: Booked, ledger: LedgerSnapshot | undefined, org: Org): Compared {
  const { ledgerId } = booked;
  const about = { ledgerId, number: numberOf(booked) };
  const planned = plannedLines(booked, org);
  const total = formatCents(planned.totalCents);
  if (ledger === undefined)
    return {
      ledgerId,
      differences: [{ ...about, kind: "missing", ...amounts(planned.totalCents, 0n), actual: "" }],
    };
  if (GONE.includes(ledger.status))
    return {
      ledgerId,
      differences: [
        {
          ...about,
          kind: "voided",
          expected: total,
          actual: ledger.status,
          difference: formatCents(-planned.totalCents),
        },
      ],
    };
  const actual = snapshotLines(ledger);
  const [actualTotal, actualTax] = [centsOf(ledger.total ?? ""), centsOf(ledger.totalTax ?? "")];
  const text = (kind: Difference["kind"], expected: string, found: string): Difference[] =>
    expected === found ? [] : [{ ...about, kind, expected, actual: found, difference: null }];
  const amount = (kind: Difference["kind"], expected: bigint, found: bigint): Difference[] =>
    expected === found ? [] : [{ ...about, kind, ...amounts(expected, found) }];
  return {
    ledgerId,
    differences: [
      ...text("status", standing(textOf(booked.body, "Status")), standing(ledger.status)),
      ...amount("total", planned.totalCents, actualTotal),
      ...amount("tax", planned.taxCents, actualTax),
      ...text("lines", spelt(planned.lines), spelt(actual.lines)),
      ...text("date", textOf(booked.body, "Date"), ledger.date ?? ""),
      ...text("contact", booked.contactId ?? ledger.contactId ?? "", ledger.contactId ?? ""),
      ...text(
        "currency",
        textOf(booked.body, "CurrencyCode") || (ledger.currency ?? ""),
        ledger.currency ?? "",
      ),
      // Xero's screen lets a person change a total by up to 0.10 without a line for it.
      ...amount("hiddenRounding", actual.totalCents, actualTotal),
    ],
  };
}

/** A payment is read on the document that it settles; where that is not among the ledger's, nothing is known of it. */
function comparedPayment(booked: Booked, byId: ReadonlyMap<string, LedgerSnapshot>): Compared[] {
  const parent = byId.get(booked.parentId ?? "");
  if (parent === undefined) return [];
  const { ledgerId, body } = booked;
  const about = { ledgerId, number: textOf(body, "Reference") };
  const expected = centsOf(textOf(body, "Amount"));
  const payment = parent.payments.find(({ id }) => id === ledgerId);
  if (payment === undefined || GONE.includes(payment.status ?? "")) {
    const kind = payment === undefined ? "missing" : "voided";
    return [
      {
        ledgerId,
        differences: [{ ...about, kind, ...amounts(expected, 0n), actual: payment?.status ?? "" }],
      },
    ];
  }
  const found = centsOf(payment.amount);
  const date = textOf(body, "Date");
  const differences: Difference[] = [];
  if (found !== expected) differences.push({ ...about, kind: "total", ...amounts(expected, found) });
  if (payment.date !== date)
    differences.push({ ...about, kind: "date", expected: date, actual: payment.date, difference: null });
  return [{ ledgerId, differences }];
}

/** Documents that look like ours and that we did not post: of our numbers, or with the number or reference of one of ours. */
function extras(
  headed: readonly Booked[],
  ledger: readonly LedgerSnapshot[],
  numberPrefix: string,
): Difference[] {
  const known = new Set(headed.map(({ ledgerId }) => ledgerId));
  const names = new Set(headed.flatMap((booked) => [numberOf(booked), textOf(booked.body, "Reference")]));
  names.delete("");
  return ledger
    .filter(({ id, status }) => !known.has(id) && !GONE.includes(status))
    .filter(
      ({ number, reference }) =>
        (numberPrefix !== "" && number?.startsWith(numberPrefix)) ||
        names.has(number ?? "") ||
        names.has(reference ?? ""),
    )
    .map(({ id, number, reference, total }) => ({
      kind: "extra",
      ledgerId: id,
      number: number ?? reference ?? "",
      ...amounts(0n, centsOf(total ?? "")),
      expected: "",
    }));
}

/** An authorised invoice is PAID once nothing is due: the same document. */
const standing = (status: string): string => (status === "PAID" ? "AUTHORISED" : status);

const numberOf = ({ body }: Booked): string =>
  textOf(body, "InvoiceNumber") || textOf(body, "CreditNoteNumber") || textOf(body, "Reference");

/** Lines in any order: account, tax type, amount, tax. */
const spelt = (lines: readonly PostedLine[]): string =>
  lines
    .map(
      ({ account, taxType, amountCents, taxCents }) =>
        `${account} ${taxType} ${formatCents(amountCents)} ${formatCents(taxCents)}`,
    )
    .sort()
    .join("; ");

const amounts = (expected: bigint, actual: bigint) => ({
  expected: formatCents(expected),
  actual: formatCents(actual),
  difference: formatCents(actual - expected),
});
