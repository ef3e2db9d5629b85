/**
 * For tests of delivery: a ledger in memory whose answers are scripted, for outcomes that no real server can be asked for at
 * will (a request that arrives after its timeout, an answer that is lost), and the shell around it.
 */
import { assert } from "../core/assert.ts";
import { err, ok } from "../core/result.ts";
import type { CanonicalSale } from "../core/sale.ts";
import type { Json } from "../core/shapes.ts";
import { orgGb, saleGb, storeGb } from "../core/testing.ts";
import type { ElementAnswer, Ledger, LedgerDocument, SalesSource, WriteAnswer } from "../ports.ts";
import { createSync, SYNC_SETTINGS, type Sync, type SyncConfig, type SyncSettings } from "./index.ts";

type Write = Parameters<Ledger["create"]>[0];
type Body = { readonly [key: string]: Json };

/** What happens to one write: `lost` commits and never answers, `early` answers nothing and commits only when released. */
export type Fault =
  | { readonly kind: "lost" | "early" | "dropped" | "unavailable" | "unauthorised" }
  | { readonly kind: "rateLimited"; readonly retryAfterSeconds: number }
  | { readonly kind: "refused"; readonly messages: readonly string[] };

export type ScriptedLedger = Ledger & {
  readonly documents: Record<"Contacts" | "Invoices" | "Payments", LedgerDocument[]>;
  readonly writes: Write[];
  /** Reads by resource, in order. */
  readonly reads: string[];
  /** The next writes meet these faults, one each; `null` lets one pass. */
  readonly script: (Fault | null)[];
  /** Called before each write is looked at. */
  onWrite: (write: Write) => Promise<void>;
  /** Lets the requests that were under way arrive after all. */
  releaseEarly(): void;
  /** Names of elements that are refused, with the words for it. */
  readonly refusals: Map<string, string>;
};

export function createScriptedLedger(): ScriptedLedger {
  const documents: ScriptedLedger["documents"] = { Contacts: [], Invoices: [], Payments: [] };
  const answered = new Map<string, WriteAnswer>();
  const early: Write[] = [];
  const commit = (write: Write): WriteAnswer => {
    const known = answered.get(write.idempotencyKey);
    if (known !== undefined) return known;
    const elements = write.bodies.map((body) => createOne(ledger, write.resource, body as Body));
    const answer: WriteAnswer = { kind: "answered", elements };
    answered.set(write.idempotencyKey, answer);
    return answer;
  };
  const ledger: ScriptedLedger = {
    documents,
    writes: [],
    reads: [],
    script: [],
    refusals: new Map(),
    onWrite: async () => {},
    releaseEarly: () => early.splice(0).forEach(commit),
    fetchOrg: async () => ok(orgGb),
    fetchItems: async () => ok([]),
    find: async ({ resource, by, values }) => {
      ledger.reads.push(`${resource} by ${by}`);
      if (resource !== "Contacts" && resource !== "Invoices") return ok([]);
      const keyOf = (document: LedgerDocument) => (by.endsWith("ID") ? document.id : document.number);
      return ok(documents[resource].filter((document) => values.includes(keyOf(document) ?? "")));
    },
    create: async (write) => {
      ledger.writes.push(write);
      await ledger.onWrite(write);
      const fault = ledger.script.shift() ?? null;
      if (fault === null) return commit(write);
      if (fault.kind === "lost") commit(write);
      if (fault.kind === "early") early.push(write);
      return answerOf(fault);
    },
  };
  return ledger;
}

function answerOf(fault: Fault): WriteAnswer {
  switch (fault.kind) {
    case "lost":
    case "early":
    case "dropped":
      return { kind: "outcomeUnknown", detail: "no answer" };
    case "unavailable":
      return { kind: "unavailable", detail: "refused to connect" };
    case "unauthorised":
      return { kind: "unauthorised", detail: "token revoked" };
    case "rateLimited":
      return { kind: "rateLimited", retryAfterSeconds: fault.retryAfterSeconds, problem: "minute" };
    case "refused":
      return { kind: "refused", messages: fault.messages };
  }
}

function createOne(ledger: ScriptedLedger, resource: Write["resource"], body: Body): ElementAnswer {
  const { documents, refusals } = ledger;
  const refused = refusals.get(textOf(body, "InvoiceNumber") || textOf(body, "Name"));
  if (refused !== undefined) return { ok: false, messages: [refused] };
  if (resource === "Contacts") return createContact(documents.Contacts, body);
  if (resource === "Invoices") return createInvoice(documents.Invoices, body);
  assert(resource === "Payments", "the scripted ledger takes contacts, invoices and payments");
  return createPayment(documents, body);
}

function createContact(contacts: LedgerDocument[], body: Body): ElementAnswer {
  const [name, number] = [textOf(body, "Name"), textOf(body, "ContactNumber")];
  if (contacts.some((other) => other.number === number))
    return refusal("Another contact has this contact number. Please enter a different contact number.");
  if (contacts.some((other) => other.name === name))
    return refusal(
      "The contact name X is already assigned to another contact. The contact name must be unique across all active contacts.",
    );
  return keep(contacts, { type: "CONTACT", status: "ACTIVE", number, name });
}

function createInvoice(invoices: LedgerDocument[], body: Body): ElementAnswer {
  const number = textOf(body, "InvoiceNumber");
  if (invoices.some((other) => other.number === number)) return refusal("Invoice # must be unique.");
  const lines = (body.LineItems as Body[]).map((line) => ({
    lineAmount: textOf(line, "LineAmount"),
    taxAmount: textOf(line, "TaxAmount") || "0.00",
    accountCode: textOf(line, "AccountCode"),
    taxType: textOf(line, "TaxType"),
  }));
  const total = centsText(lines.reduce((sum, { lineAmount }) => sum + centsOf(lineAmount), 0));
  return keep(invoices, {
    type: textOf(body, "Type"),
    status: "AUTHORISED",
    number,
    contactId: textOf(body.Contact as Body, "ContactID"),
    date: textOf(body, "Date"),
    currency: textOf(body, "CurrencyCode"),
    total,
    amountDue: total,
    lines,
  });
}

function createPayment({ Invoices, Payments }: ScriptedLedger["documents"], body: Body): ElementAnswer {
  const at = Invoices.findIndex(({ id }) => id === textOf(body.Invoice as Body, "InvoiceID"));
  const invoice = Invoices[at];
  if (invoice === undefined) return refusal("Invoice could not be found");
  const due = centsOf(invoice.amountDue ?? "0") - centsOf(textOf(body, "Amount"));
  if (due < 0) return refusal("Payment amount exceeds the amount outstanding on this document");
  const [reference, amount, date] = [textOf(body, "Reference"), textOf(body, "Amount"), textOf(body, "Date")];
  const answer = keep(Payments, {
    type: "ACCRECPAYMENT",
    status: "AUTHORISED",
    reference,
    date,
    total: amount,
  });
  const payment = { id: answer.document.id, date, amount, reference, status: "AUTHORISED" };
  Invoices[at] = { ...invoice, amountDue: centsText(due), payments: [...invoice.payments, payment] };
  return answer;
}

let made = 0;
function keep(kept: LedgerDocument[], fields: Partial<LedgerDocument>) {
  made += 1;
  const document: LedgerDocument = {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`,
    number: null,
    reference: null,
    type: "",
    status: "",
    contactId: null,
    name: null,
    date: null,
    currency: null,
    total: null,
    totalTax: null,
    amountDue: null,
    lines: [],
    payments: [],
    allocations: [],
    ...fields,
  };
  kept.push(document);
  return { ok: true as const, document };
}

const refusal = (message: string): ElementAnswer => ({ ok: false, messages: [message] });
const textOf = (body: Body, key: string): string => (typeof body[key] === "string" ? body[key] : "");
const centsOf = (amount: string): number => Math.round(Number(amount) * 100);
const centsText = (cents: number): string => (cents / 100).toFixed(2);

const APART_MS = 11 * 60_000;

/** Order `n` of a customer: saleGb with identities of its own, each placed so long before the one before that none looks sent twice. */
export const saleOf = (n: number, customer = n): CanonicalSale => ({
  ...saleGb,
  placedAt: new Date(Date.parse(saleGb.placedAt) - (n % 100) * APART_MS).toISOString().replace(".000Z", "Z"),
  source: { ...saleGb.source, id: String(n), number: String(n).padStart(9, "0"), revision: `r${n}` },
  customer: { ...saleGb.customer, key: `C${customer}`, lastName: `Example ${customer}` },
  receipts: saleGb.receipts.map((receipt) => ({ ...receipt, key: `ch_${n}`, transactionId: `ch_${n}` })),
});

/** A store of the given sales, by number; what it answers is canonical already. */
export function createStore(
  sales: readonly CanonicalSale[],
): SalesSource & { readonly sales: CanonicalSale[] } {
  const kept = [...sales];
  return {
    sales: kept,
    fetchOrder: async (number) => {
      const sale = kept.find(({ source }) => source.number === number);
      if (sale === undefined) return err({ kind: "notFound", detail: `no order ${number}` });
      return ok({ order: sale as unknown as Json, invoices: [], creditMemos: [], shipments: [] });
    },
    fetchChanged: async ({ page, pageSize }) => {
      // All changed in the same second, so that a sweep must go on by page numbers.
      const orders = kept.map(({ source }) => ({
        increment_id: source.number,
        updated_at: "2026-10-31 23:30:00",
      }));
      return ok({ orders: orders.slice((page - 1) * pageSize, page * pageSize), total: orders.length });
    },
    fetchProducts: async () => ok([]),
    fetchProfile: async () => ok(storeGb),
    readSale: (raw) => ok(raw.order as unknown as CanonicalSale),
  };
}

export type TestShell = {
  readonly sync: Sync;
  readonly ledger: ScriptedLedger;
  readonly source: ReturnType<typeof createStore>;
  readonly clock: { now(): Date; advance(ms: number): void };
  readonly events: string[];
};

/** The shell over given storage, with a clock that is moved by hand and no real waiting. */
export function createTestShell(
  storage: Pick<SyncConfig, "records" | "outbox" | "jobs" | "budget">,
  { sales = [], settings = {} }: { sales?: readonly CanonicalSale[]; settings?: Partial<SyncSettings> } = {},
): TestShell {
  const ledger = createScriptedLedger();
  const source = createStore(sales);
  let nowMs = Date.parse("2026-11-24T12:00:00Z");
  const clock = {
    now: () => new Date(nowMs),
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
  const events: string[] = [];
  const sync = createSync({
    ...storage,
    clock,
    ids: { next: () => crypto.randomUUID() },
    log: (event) => events.push(event),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    ends: async () => ({ source, ledger }),
    settings: { ...SYNC_SETTINGS, callTimeoutMs: 10_000, budgetWaitMs: 1_000, ...settings },
  });
  return { sync, ledger, source, clock, events };
}
