/**
 * A scenario of facts/accounting.md as a test: orders read by the store adapter, planned, posted to the demo ledger's books,
 * each clause of its "Assert:" checked by name. What was said and booked becomes docs/accounting.md (scripts in report.ts).
 */
import { afterAll, expect, test } from "vitest";
import { toSale } from "../../engine/adapters/magento/to-sale.ts";
import { orgOfScenario } from "../../engine/adapters/xero/scenario.ts";
import type { Held } from "../../engine/core/hold.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import type { DocumentPlan, PlannedDocument } from "../../engine/core/plan.ts";
import type { LedgerItem, PostedDocument } from "../../engine/core/plan-input.ts";
import { planSale } from "../../engine/core/plan-sale.ts";
import type { Result } from "../../engine/core/result.ts";
import type { CanonicalSale } from "../../engine/core/sale.ts";
import type { Json } from "../../engine/core/shapes.ts";
import { withNumbers } from "../../engine/core/wire.ts";
import { execute } from "../../sandbox/ledger/ledger.ts";
import { type Body, messagesOf, openTestLedger } from "../../sandbox/ledger/testing.ts";
import { orgJson, SPEC } from "./organisation.ts";
import { keepChapter, type Told } from "./report.ts";
import { type StoreOrder, storeOrder } from "./store.ts";

type Plan = Result<DocumentPlan, Held>;

export type Books = {
  /** What the engine would post for the order now, with what is in the ledger already. */
  plan(order: StoreOrder): Plan;
  /** Plans and posts what is not in the ledger yet. Throws with the hold or the ledger's own words. */
  post(order: StoreOrder): DocumentPlan;
  /** Posts documents that were planned otherwise (summaries, items, stock). */
  postAll(documents: readonly PlannedDocument[]): void;
  /** The hold of an order that must not be posted; nothing is. */
  held(order: StoreOrder): Held;
  /** A document of the ledger as it stands now, by resource and plan step. */
  get(resource: string, step: string): Body;
  invoice(step?: string): Body;
  creditNote(step: string): Body;
  /** Any call on the ledger, as a bookkeeper would make it; throws unless it is a 200. */
  call(method: string, path: string, body?: unknown): Body;
  /** A change that only people make in Xero, such as merging a contact into another. */
  correct(path: string, body: unknown): void;
  /** The balance of an account by code: debits less credits, from the trial balance. */
  balance(code: string): number;
  /** What people change between two documents: the mapping, or the books' lock date. */
  change(change: Change): void;
};

type Change = { readonly spec?: MappingSpec; readonly periodLockDate?: string };

export type Setting = {
  readonly spec?: MappingSpec;
  readonly org?: Record<string, unknown>;
  readonly items?: readonly LedgerItem[];
  /** Another store with a mapping of its own that posts to the same organisation. */
  readonly beside?: Books;
};

export type Tell = {
  /** Opens books of an organisation of its own with a mapping. */
  books(setting?: Setting): Books;
  /** A clause of the entry's "Assert:", in its own words, and the check of it. */
  says(clause: string, check: () => void): void;
};

/** What the store adapter makes of an order: the sale that the engine keeps. */
export function readSale(order: StoreOrder): CanonicalSale {
  const read = storeOrder(order);
  const sale = toSale(read.raw, read.catalogue);
  return sale.ok ? sale.value : fail(`held: ${sale.error.hold} ${sale.error.field} ${sale.error.detail}`);
}

/** One entry: its id, its title, and what the store shows in a sentence. */
let announced = 0;

export function scenario(id: string, title: string, store: string, run: (tell: Tell) => void): void {
  announced += 1;
  test(`${id} ${title}`, () => {
    const told: Told = { id, title, store, clauses: [], documents: [], out: null };
    run({
      books: (setting = {}) => openBooks(setting, told),
      says: (clause, check) => {
        check();
        told.clauses.push(clause);
      },
    });
    expect(told.clauses.length, "an entry asserts something").toBeGreaterThan(0);
    chapter.push(told);
  });
}

/** An entry that Magento has no data for: named, with the reason, and kept in the document. */
export function outOfScope(id: string, title: string, why: string): void {
  announced += 1;
  test(`${id} ${title} is out: ${why}`, () => {
    expect(why.length).toBeGreaterThan(20);
    chapter.push({ id, title, store: "", clauses: [], documents: [], out: why });
  });
}

const chapter: Told[] = [];

/** Ends a file of scenarios: its chapter of docs/accounting.md must say what its tests say. */
export function endChapter(name: string, title: string): void {
  afterAll(() => {
    // A run of some of them, or one that failed, has nothing to say about the whole chapter.
    if (chapter.length === announced) keepChapter(name, title, chapter);
  });
}

function openBooks(setting: Setting, told: Told): Books {
  const json = orgJson(setting.org);
  let org = orgOfScenario(json);
  let spec = setting.spec ?? SPEC;
  const { call, ledger } = (setting.beside && ledgerOf.get(setting.beside)) ?? openTestLedger(json);
  const posted: PostedDocument[] = [];
  const idOf = (step: string) => posted.findLast((document) => document.step === step)?.ledgerId;
  const items = new Map((setting.items ?? []).map((item) => [item.code, item]));

  const plan = (order: StoreOrder): Plan => {
    const read = storeOrder(order);
    const sale = toSale(read.raw, read.catalogue);
    return sale.ok ? planSale({ sale: sale.value, spec, org, posted, items }) : sale;
  };
  const postedOf = ({ identity }: PlannedDocument) =>
    posted.find((other) => JSON.stringify(other.identity) === JSON.stringify(identity));
  const postOne = (document: PlannedDocument, _: number, planned: readonly PlannedDocument[]): void => {
    if (postedOf(document) !== undefined) return;
    // Orders share the names of their steps: the plan says whose document is meant.
    const own = (step: string) => planned.filter((one) => one.step === step).map(postedOf)[0]?.ledgerId;
    const made = send(call, document, (step) => own(step) ?? idOf(step) ?? fail(`${step} was not posted`));
    const { step, resource, identity, body, lineage } = document;
    posted.push({ step, resource, identity, body, lineage, ...made });
    told.documents.push({ step, resource, body });
  };
  const call200 = asking(call);
  const get = (resource: string, step: string): Body =>
    call200("GET", `${resource}/${idOf(step) ?? fail(`${step} was not posted`)}?unitdp=4`)[resource][0];
  const books: Books = {
    plan,
    postAll: (documents) => documents.forEach(postOne),
    post(order) {
      const planned = plan(order);
      if (!planned.ok)
        return fail(`held: ${planned.error.hold} ${planned.error.field} ${planned.error.detail}`);
      planned.value.documents.forEach(postOne);
      return planned.value;
    },
    held(order) {
      const planned = plan(order);
      if (planned.ok) return fail("planned, not held");
      told.documents.push({
        step: "held",
        resource: planned.error.hold,
        body: { detail: planned.error.detail },
      });
      return planned.error;
    },
    get,
    invoice: (step = "invoice") => get("Invoices", step),
    creditNote: (step) => get("CreditNotes", step),
    call: call200,
    correct: (path, body) => correctIn(ledger, path, body),
    balance: (code) => balanceOf(call200("GET", "Reports/TrialBalance"), code, org),
    change(change) {
      spec = change.spec ?? spec;
      if (change.periodLockDate === undefined) return;
      org = { ...org, periodLockDate: change.periodLockDate };
      const [organisation] = ledger.books.all("organisation");
      if (organisation === undefined) return fail("the books have no organisation");
      ledger.books.put("organisation", { ...organisation, periodLockDate: change.periodLockDate });
      ledger.books.commit();
    },
  };
  ledgerOf.set(books, { call, ledger });
  return books;
}

type TestLedger = Pick<ReturnType<typeof openTestLedger>, "call" | "ledger">;

/** Books that no chapter tells of, for properties of many orders. */
export const quietBooks = (setting: Setting = {}): Books =>
  openBooks(setting, { id: "", title: "", store: "", clauses: [], documents: [], out: null });

type Call = TestLedger["call"];

const asking =
  (call: Call) =>
  (method: string, path: string, body?: unknown): Body => {
    const answer = call(method, path, body);
    if (answer.status !== 200)
      fail(`${method} ${path}: ${answer.status} ${messagesOf(answer.body).join("; ")}`);
    return answer.body;
  };

function correctIn(ledger: TestLedger["ledger"], path: string, body: unknown): void {
  const request = { method: "POST", resourcePath: path, query: new URLSearchParams(), headers: {} };
  const sent = { body: Buffer.from(JSON.stringify(body)), clientId: "bookkeeper", isBookkeeper: true };
  const { status } = execute(ledger, { ...request, ...sent });
  if (status !== 200) fail(`${path}: ${status}`);
  ledger.books.commit();
}

const ledgerOf = new WeakMap<Books, TestLedger>();

/** PUTs a document with the ids of what it comes after and answers its own id, and the rate that it was given. */
function send(
  call: Call,
  { resource, body, lineage, step }: PlannedDocument,
  idOf: (step: string) => string,
): Pick<PostedDocument, "ledgerId" | "currencyRate"> {
  const filled = structuredClone(body) as { [key: string]: Json };
  for (const [pointer, from] of Object.entries(lineage))
    if (from.from === "receipt") setAt(filled, pointer, idOf(from.step));
  const answer = call("PUT", `${pathOf(resource, filled)}?unitdp=4`, withNumbers(wireBody(resource, filled)));
  if (answer.status !== 200)
    fail(`${step}: ${answer.status} ${messagesOf(answer.body).join("; ") || JSON.stringify(answer.body)}`);
  const made = answer.body[resource][0];
  const rate = resource === "Invoices" && made.CurrencyRate !== undefined ? String(made.CurrencyRate) : null;
  return { ledgerId: made[`${SINGULAR[resource]}ID`] ?? "", currencyRate: rate };
}

const SINGULAR: Record<PlannedDocument["resource"], string> = {
  Contacts: "Contact",
  Invoices: "Invoice",
  CreditNotes: "CreditNote",
  Allocations: "Allocation",
  Payments: "Payment",
  Items: "Item",
  BankTransactions: "BankTransaction",
};

type Filled = { [key: string]: Json };

/** An allocation is made under the credit note that it spends (facts/xero.md section 4). */
function pathOf(resource: PlannedDocument["resource"], body: Filled): string {
  if (resource !== "Allocations") return resource;
  const note = body.CreditNote as { CreditNoteID: string };
  return `CreditNotes/${note.CreditNoteID}/Allocations`;
}

function wireBody(resource: PlannedDocument["resource"], body: Filled): Json {
  if (resource !== "Allocations") return body;
  const { CreditNote: _, ...allocation } = body;
  return { Allocations: [allocation] };
}

function setAt(body: Filled, pointer: string, value: string): void {
  const parts = pointer.split("/").slice(1);
  const last = parts.pop() ?? "";
  const parent = parts.reduce<Filled>((node, part) => node[part] as Filled, body);
  parent[last] = value;
}

/** Debits less credits of the account, zero when the report does not list it. */
function balanceOf(
  report: Body,
  code: string,
  org: { readonly accounts: readonly { code: string | null; name: string }[] },
): number {
  const name = org.accounts.find((account) => account.code === code)?.name;
  const rows = report.Reports[0].Rows.flatMap((section: Body) => section.Rows ?? []);
  const row = rows.find((candidate: Body) => candidate.Cells?.[0]?.Value?.startsWith(`${name} (`));
  if (row === undefined) return 0;
  const cents = (text: string) => Math.round(Number(text || 0) * 100);
  // Year-to-date columns stand last: debit, then credit.
  return (cents(row.Cells[3].Value) - cents(row.Cells[4].Value)) / 100;
}

function fail(message: string): never {
  throw new Error(message);
}

export type { StoreOrder };
