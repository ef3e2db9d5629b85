/**
 * The day's summary (facts/accounting.md TIME-10): one invoice for the paid consumer orders of a day, store and currency. Its
 * lines are sums of the cents that each order's own invoice would have, so that order mode and summary mode give the same
 * balance per day, account and tax type (L9). Nothing is computed anew but the sums.
 */
import { assert } from "./assert.ts";
import type { MappingSpec } from "./mapping.ts";
import { compareText, e4Of, formatCents, sumOf } from "./money.ts";
import { type Org, taxRateByType } from "./org.ts";
import {
  type Check,
  compose,
  type DocumentPlan,
  type Lineage,
  leafPointers,
  type Node,
  type PlannedDocument,
} from "./plan.ts";
import { CONTACT_STEP, sharedContact } from "./plan-contact.ts";
import { computed, fixed, fromReceipt, fromSetting } from "./plan-input.ts";
import { INVOICE_STEP } from "./sections.ts";
import type { Json } from "./shapes.ts";
import { evaluate, type LineAmountTypes, taxCents } from "./xero-arithmetic.ts";

export type SummaryInput = {
  readonly spec: MappingSpec;
  readonly org: Org;
  /** What the summary is of: `store` is the store's id, `day` a calendar date of the organisation. */
  readonly store: string;
  readonly day: string;
  readonly currency: string;
  /** 1, or more for orders that came after the day's summary was posted (TIME-11). */
  readonly sequence: number;
  /** Each order as it would be posted alone (`planAlone`), of those that `belongsInSummary`. */
  readonly members: readonly DocumentPlan[];
};

const NUMBER_PATH = "/source/number";

/** Documents of one summary: its contact, its invoice, and a payment for each account and day on which money came. */
export function planDaySummary(input: SummaryInput): DocumentPlan {
  const { spec, day, currency, sequence, store } = input;
  const part = sequence === 1 ? "" : `-${sequence}`;
  const name = `${day}-${store}-${currency}${part}`;
  const contact = sharedContact(spec, spec.settings.summaryContact, {
    leaf: spec.settings.summaryContact,
    from: { from: "spec", path: "/settings/summaryContact" },
  });
  const mode = modeOf(input.members);
  const sums = lineSums(input, mode);
  const total = evaluate(sums, mode);
  const number = `${spec.settings.numberPrefix}DAY-${name}`;
  const invoice = invoiceDocument({ input, number, name, mode, sums });
  const payments = paymentDocuments(input, name);
  const documents = [contact, invoice, ...payments];
  for (const { body, lineage, step } of documents)
    assert(
      leafPointers(body).every((pointer) => pointer in lineage),
      `lineage of ${step} is total`,
    );
  return {
    format: 1,
    source: { system: "magento", type: "day", id: name, number: name, revision: name },
    documents,
    checks: checksOf(input, total, payments),
    warnings: [],
  };
}

type Sum = {
  readonly account: string;
  readonly taxType: string;
  readonly tracking: Json;
  readonly amountCents: bigint;
  readonly taxCents: bigint;
  readonly orders: number;
  /** What decided the account and the tax type; the same rule for every member would be chance, so the first one stands. */
  readonly accountFrom: Lineage;
  readonly taxFrom: Lineage;
};

/** One line for each account, tax type and tracking, in the order of their names. */
function lineSums({ members, org }: SummaryInput, mode: LineAmountTypes): Sum[] {
  const sums = new Map<string, Sum>();
  for (const member of members) {
    for (const { body, lineage } of invoicesOf(member)) {
      for (const [index, line] of linesOf(body).entries()) {
        const own = lineSum(line, { org, mode, lineage, index });
        const key = JSON.stringify([own.account, own.taxType, own.tracking]);
        const before = sums.get(key);
        sums.set(key, before === undefined ? own : added(before, own));
      }
    }
  }
  return [...sums].sort(([a], [b]) => compareText(a, b)).map(([, sum]) => sum);
}

const added = (left: Sum, right: Sum): Sum => ({
  ...left,
  amountCents: left.amountCents + right.amountCents,
  taxCents: left.taxCents + right.taxCents,
  orders: left.orders + right.orders,
});

type LineContext = {
  readonly org: Org;
  readonly mode: LineAmountTypes;
  readonly lineage: Readonly<Record<string, Lineage>>;
  readonly index: number;
};

function lineSum(line: Line, { org, mode, lineage, index }: LineContext): Sum {
  const [account, taxType] = [textOf(line, "AccountCode"), textOf(line, "TaxType")];
  const rate = taxRateByType(org, taxType);
  assert(rate !== undefined, "a planned line has a tax type of the organisation");
  const amountCents = centsOf(textOf(line, "LineAmount"));
  const stated = textOf(line, "TaxAmount");
  const from = (field: string): Lineage => {
    const found = lineage[`/LineItems/${index}/${field}`];
    assert(found !== undefined, "a planned leaf has a lineage");
    return found;
  };
  return {
    account,
    taxType,
    tracking: line.Tracking ?? null,
    amountCents,
    taxCents: stated === "" ? taxCents(amountCents, e4Of(rate.rate), mode) : centsOf(stated),
    orders: 1,
    accountFrom: from("AccountCode"),
    taxFrom: from("TaxType"),
  };
}

type InvoiceParts = {
  readonly input: SummaryInput;
  readonly number: string;
  readonly name: string;
  readonly mode: LineAmountTypes;
  readonly sums: readonly Sum[];
};

function invoiceDocument({ input, number, name, mode, sums }: InvoiceParts): PlannedDocument {
  const { day, currency, members } = input;
  const tree: { [key: string]: Node | undefined } = {
    Type: fixed("ACCREC", "a summary of sales is an accounts receivable invoice"),
    Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
    InvoiceNumber: computed(number, "number prefix, day, store, currency", [NUMBER_PATH]),
    Reference: computed(counted(members.length), "how many orders the summary has", [NUMBER_PATH]),
    Date: computed(day, "the day in the organisation's time zone", [NUMBER_PATH]),
    DueDate: computed(day, "orders in a summary are paid", [NUMBER_PATH]),
    LineAmountTypes: fromSetting(mode, "lineAmountTypes"),
    CurrencyCode: computed(currency, "a summary has one currency", [NUMBER_PATH]),
    Status: fixed("AUTHORISED", "a summary takes payments"),
    LineItems: sums.map(sumNode),
  };
  return {
    step: INVOICE_STEP,
    after: [CONTACT_STEP],
    resource: "Invoices",
    method: "PUT",
    identity: { kind: "summary", sourceType: "day", sourceId: name, part: "", generation: 1 },
    lookup: { by: "InvoiceNumber", value: number },
    ...compose(tree),
  };
}

/** Quantity 1 and the sum as unit amount: no product, so no tie; the tax is always stated, since sums of taxes differ from taxes of sums. */
function sumNode(sum: Sum): Node {
  const by = "sum of the cents of the day's orders";
  const tracking = Array.isArray(sum.tracking)
    ? sum.tracking.map((entry) => ({
        Name: computed(textOf(entry as Line, "Name"), by, [NUMBER_PATH]),
        Option: computed(textOf(entry as Line, "Option"), by, [NUMBER_PATH]),
      }))
    : undefined;
  return {
    Description: computed(`${sum.orders} lines of the day's orders`, "what is summed", [NUMBER_PATH]),
    Quantity: fixed("1", "a sum"),
    UnitAmount: computed(formatCents(sum.amountCents), by, [NUMBER_PATH]),
    LineAmount: computed(formatCents(sum.amountCents), by, [NUMBER_PATH]),
    TaxAmount: computed(formatCents(sum.taxCents), by, [NUMBER_PATH]),
    TaxType: { leaf: sum.taxType, from: sum.taxFrom },
    AccountCode: { leaf: sum.account, from: sum.accountFrom },
    Tracking: tracking,
  };
}

type Payment = {
  readonly account: string;
  readonly date: string;
  readonly cents: bigint;
  readonly accountFrom: Lineage;
  readonly dateFrom: Lineage;
};

/** One payment for each account and day of capture: money keeps its day, as it would with an invoice for each order. */
function paymentDocuments({ members }: SummaryInput, name: string): PlannedDocument[] {
  const sums = new Map<string, Payment>();
  for (const document of members.flatMap(paymentsOf)) {
    const own = paymentOf(document);
    const key = `${own.account} ${own.date}`;
    const before = sums.get(key);
    sums.set(key, before === undefined ? own : { ...before, cents: before.cents + own.cents });
  }
  return [...sums]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, { account, date, cents, accountFrom, dateFrom }], index) => ({
      step: `payment-${index + 1}`,
      after: [INVOICE_STEP],
      resource: "Payments" as const,
      method: "PUT" as const,
      identity: { kind: "payment", sourceType: "day" as const, sourceId: name, part: key, generation: 1 },
      lookup: null,
      ...compose({
        Invoice: { InvoiceID: fromReceipt(INVOICE_STEP, "InvoiceID") },
        Account: { Code: { leaf: account, from: accountFrom } },
        Date: { leaf: date, from: dateFrom },
        Amount: computed(formatCents(cents), "sum of what the day's orders were paid", [NUMBER_PATH]),
        Reference: computed(`DAY-${name} ${key}`, "day of the summary, account, day of the money", [
          NUMBER_PATH,
        ]),
      }),
    }));
}

function paymentOf({ body, lineage }: PlannedDocument): Payment {
  const [accountFrom, dateFrom] = [lineage["/Account/Code"], lineage["/Date"]];
  assert(accountFrom !== undefined && dateFrom !== undefined, "a planned leaf has a lineage");
  return {
    account: textOf((body.Account ?? {}) as Line, "Code"),
    date: textOf(body, "Date"),
    cents: centsOf(textOf(body, "Amount")),
    accountFrom,
    dateFrom,
  };
}

/** The store's side is the sum over the orders' own checks. */
function checksOf(
  { members, currency }: SummaryInput,
  total: { readonly totalCents: bigint; readonly taxCents: bigint },
  payments: readonly PlannedDocument[],
): Check[] {
  const expected = (name: Check["name"]) =>
    formatCents(
      sumOf(
        members.flatMap(({ checks }) =>
          checks
            .filter((check) => check.name === name && check.step.startsWith(INVOICE_STEP))
            .map((check) => centsOf(check.expected)),
        ),
      ),
    );
  const paid = sumOf(payments.map(({ body }) => centsOf(textOf(body, "Amount"))));
  const check = (name: Check["name"], actual: bigint): Check => ({
    step: INVOICE_STEP,
    name,
    expected: expected(name),
    actual: formatCents(actual),
    currency,
  });
  return [check("total", total.totalCents), check("tax", total.taxCents), check("paid", paid)];
}

/** Members share one spec, and belong only with its own kind of line amounts. */
function modeOf(members: readonly DocumentPlan[]): LineAmountTypes {
  const modes = new Set(members.flatMap(invoicesOf).map(({ body }) => textOf(body, "LineAmountTypes")));
  const [mode] = modes;
  assert(modes.size === 1, "a summary has one kind of line amounts");
  return mode as LineAmountTypes;
}

const counted = (orders: number): string => (orders === 1 ? "1 order" : `${orders} orders`);

const invoicesOf = ({ documents }: DocumentPlan) =>
  documents.filter(({ resource }) => resource === "Invoices");
const paymentsOf = ({ documents }: DocumentPlan) =>
  documents.filter(
    ({ resource, after }) => resource === "Payments" && after.some((step) => step.startsWith(INVOICE_STEP)),
  );

type Line = { readonly [key: string]: Json };
const linesOf = (body: Line): readonly Line[] =>
  Array.isArray(body.LineItems) ? (body.LineItems as Line[]) : [];
const textOf = (line: Line, key: string): string => (typeof line[key] === "string" ? line[key] : "");
const centsOf = (text: string): bigint => e4Of(text) / 100n;
