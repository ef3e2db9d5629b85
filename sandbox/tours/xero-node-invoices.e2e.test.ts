import { expect, test } from "vitest";
import xero, { type Invoice } from "xero-node";
import { control } from "../ledger/testing-http.ts";
import { only, openSession, refusalOf, type Session } from "./xero-session.ts";

const { DRAFT, SUBMITTED, AUTHORISED, VOIDED, DELETED, PAID } = xero.Invoice.StatusEnum;
const LINE = { description: "A thing", quantity: 1, unitAmount: 100, accountCode: "200" };

function invoiceOf(changes: Partial<Invoice> = {}): Invoice {
  return {
    type: xero.Invoice.TypeEnum.ACCREC,
    contact: { name: "Ann Lee" },
    date: "2026-11-20",
    dueDate: "2026-12-20",
    lineItems: [LINE],
    ...changes,
  };
}

const create = async ({ api, tenant }: Session, changes: Partial<Invoice> = {}) =>
  only((await api.createInvoices(tenant, { invoices: [invoiceOf(changes)] })).body.invoices);
const readOf = async ({ api, tenant }: Session, id: string) =>
  only((await api.getInvoice(tenant, id)).body.invoices);
const refused = async ({ api, tenant }: Session, changes: Partial<Invoice>) =>
  (await refusalOf(api.createInvoices(tenant, { invoices: [invoiceOf(changes)] }))).messages;

test("an invoice goes from draft over submitted and approved to void, and no further", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID, invoiceNumber } = await create(session);
  expect(invoiceNumber).toBe("INV-0001");
  const move = (status: Invoice["status"]) =>
    api.updateInvoice(tenant, invoiceID, { invoices: [{ ...(status === undefined ? {} : { status }) }] });
  for (const status of [SUBMITTED, DRAFT, AUTHORISED]) {
    await move(status);
    expect((await readOf(session, invoiceID)).status).toBe(status);
  }
  const back = await refusalOf(move(DRAFT));
  expect(back.status).toBe(400);
  expect((await refusalOf(move(DELETED))).messages).toEqual(["Invoice not of valid status for modification"]);
  expect(await readOf(session, invoiceID)).toMatchObject({ status: "AUTHORISED", amountDue: 120 });
  // Void by number, as the documentation shows it.
  const voided = await api.updateInvoice(tenant, "INV-0001", {
    invoices: [{ invoiceNumber, status: VOIDED }],
  });
  expect(only(voided.body.invoices)).toMatchObject({ invoiceID, status: "VOIDED" });
  expect((await refusalOf(move(AUTHORISED))).messages).toEqual([
    "Invoice not of valid status for modification",
  ]);
  expect((await readOf(session, "INV-0001")).status).toBe("VOIDED");
});

test("a draft is deleted and stays readable; created as paid or void it is refused", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID } = await create(session);
  await api.updateInvoice(tenant, invoiceID, { invoices: [{ status: DELETED }] });
  expect((await readOf(session, invoiceID)).status).toBe("DELETED");
  const again = await refusalOf(api.updateInvoice(tenant, invoiceID, { invoices: [{ status: AUTHORISED }] }));
  expect(again.messages).toEqual(["Invoice not of valid status for modification"]);
  for (const status of [PAID, VOIDED]) {
    expect(await refused(session, { status })).toEqual(["Invoice not of valid status for creation"]);
  }
});

test("a number is taken once: PUT refuses the second, POST overwrites the first", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID } = await create(session, { invoiceNumber: "M-100000001", reference: "first" });
  const second = invoiceOf({ invoiceNumber: "m-100000001", reference: "second" });
  const put = await refusalOf(api.createInvoices(tenant, { invoices: [second] }));
  expect([put.status, put.messages]).toEqual([400, ["Invoice # must be unique."]]);
  expect((await readOf(session, invoiceID)).reference).toBe("first");
  const post = await api.updateOrCreateInvoices(tenant, { invoices: [second] });
  expect(only(post.body.invoices).invoiceID).toBe(invoiceID);
  expect((await readOf(session, invoiceID)).reference).toBe("second");
  // Two in one batch: the first is saved, the second speaks for itself.
  const twins = { invoices: [invoiceOf({ invoiceNumber: "T-1" }), invoiceOf({ invoiceNumber: "T-1" })] };
  const batch = (await api.createInvoices(tenant, twins, false)).body.invoices;
  expect(batch?.map((one) => [one.statusAttributeString, one.hasErrors])).toEqual([
    ["OK", false],
    ["ERROR", true],
  ]);
  expect(batch?.[1]?.validationErrors).toEqual([{ message: "Invoice # must be unique." }]);
});

test("bills share numbers, and show them as references", async () => {
  const session = await openSession();
  const type = xero.Invoice.TypeEnum.ACCPAY;
  const bill = { type, invoiceNumber: "S-1", lineItems: [{ ...LINE, accountCode: "404" }] };
  const first = await create(session, bill);
  const second = await create(session, bill);
  expect([first.invoiceNumber, second.invoiceNumber]).toEqual(["S-1", "S-1"]);
  expect(second.invoiceID).not.toBe(first.invoiceID);
});

test("approval demands what a draft may lack, each in Xero's words", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const approved = (line: object) => ({ status: AUTHORISED, lineItems: [line] });
  const { accountCode: _account, ...noAccount } = LINE;
  const { description: _description, ...noDescription } = LINE;
  expect(await refused(session, { status: AUTHORISED, lineItems: [] })).toContain(
    "One or more line items must be specified",
  );
  expect(await refused(session, approved(noAccount))).toContain("Account code must be specified");
  expect(await refused(session, approved(noDescription))).toContain(
    "The description field is mandatory for each line item.",
  );
  expect(await refused(session, approved({ ...LINE, accountCode: "999" }))).toContain(
    "Account code '999' is not a valid code for this document.",
  );
  expect(await refused(session, approved({ ...LINE, accountCode: "260" }))).toContain(
    "Account code '260' has been archived, or has been deleted. Each line item must reference a valid account.",
  );
  expect(await refused(session, approved({ ...LINE, taxType: "20% (VAT on Income)" }))).toContain(
    "The TaxType code 20% (VAT on Income) does not exist or cannot be used for this type of transaction.",
  );
  expect(await refused(session, approved({ ...LINE, taxType: "INPUT2" }))).toContain(
    "The TaxType code 'INPUT2' cannot be used with account code '200'.",
  );
  expect(await refused(session, approved({ ...LINE, quantity: -1 }))).toContain(
    "The quantity value '-1.0000' is invalid. Quantity must not be less than zero.",
  );
  expect(await refused(session, approved({ ...LINE, lineAmount: 99 }))).toContain(
    "The line total 99.00 does not match the expected line total 100.00",
  );
  expect(await refused(session, { currencyCode: xero.CurrencyCode.NZD })).toEqual([
    "Organisation is not subscribed to currency NZD",
  ]);
  expect((await api.getInvoices(tenant)).body.invoices).toEqual([]);
  // A draft keeps its line, loses the account and says so.
  const draft = await create(session, { lineItems: [{ ...LINE, accountCode: "999" }] });
  expect(draft.warnings).toEqual([
    { message: "Account code '999' has been removed as it does not match a recognised account." },
  ]);
  expect((await readOf(session, draft.invoiceID)).lineItems?.[0]?.accountCode).toBeUndefined();
});

test("lines are updated by id, added without one, and dropped when they are not sent", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const two = [LINE, { ...LINE, description: "Another", unitAmount: 50 }];
  const { invoiceID, lineItems } = await create(session, { lineItems: two });
  expect(lineItems).toHaveLength(2);
  const kept = lineItems[0]?.lineItemID ?? "";
  await api.updateInvoice(tenant, invoiceID, {
    invoices: [
      {
        lineItems: [
          { lineItemID: kept, unitAmount: 80 },
          { ...LINE, description: "New" },
        ],
      },
    ],
  });
  const read = await readOf(session, invoiceID);
  expect(read.lineItems.map(({ description }) => description)).toEqual(["A thing", "New"]);
  expect(read.lineItems[0]?.lineItemID).toBe(kept);
  expect(read).toMatchObject({ subTotal: 180, totalTax: 36, total: 216 });
  const echoed = await refusalOf(api.updateInvoice(tenant, invoiceID, { invoices: [{ total: 999 }] }));
  expect(echoed.messages).toEqual(["The document total does not equal the sum of the lines."]);
});

test("unit amounts have two decimals, or four with unitdp=4; tax is rounded line by line", async () => {
  const session = await openSession({ behaviour: { ties: "up" } });
  const { api, tenant } = session;
  const lineItems = [{ ...LINE, quantity: 3, unitAmount: 1.2345 }];
  const plain = await create(session, { lineItems });
  expect(plain).toMatchObject({ subTotal: 3.69, totalTax: 0.74 });
  const made = await api.createInvoices(tenant, { invoices: [invoiceOf({ lineItems })] }, false, 4);
  const exact = only(made.body.invoices);
  expect(exact).toMatchObject({ subTotal: 3.7, totalTax: 0.74, lineItems: [{ unitAmount: 1.2345 }] });
  const read = async (unitdp?: number) =>
    only((await api.getInvoice(tenant, exact.invoiceID, unitdp)).body.invoices).lineItems[0]?.unitAmount;
  expect([await read(), await read(4)]).toEqual([1.23, 1.2345]);
  const inclusive = await create(session, {
    lineAmountTypes: xero.LineAmountTypes.Inclusive,
    lineItems: [0.03, 0.03, 0.03].map((unitAmount) => ({ ...LINE, unitAmount })),
  });
  expect(inclusive).toMatchObject({ subTotal: 0.06, totalTax: 0.03, total: 0.09 });
});

test("a locked period takes no document and names its day", async () => {
  const session = await openSession({ periodLockDate: "2026-11-30", endOfYearLockDate: "2026-03-31" });
  const { url, api, tenant } = session;
  const organisation = only((await api.getOrganisations(tenant)).body.organisations);
  expect(organisation.periodLockDate).toEqual(new Date("2026-11-30T00:00:00Z"));
  expect((await refused(session, {}))[0]).toMatch(
    /^The document date cannot be before the period lock date, currently set at /,
  );
  expect((await refused(session, { date: "2026-03-01" }))[0]).toMatch(
    /^The document date cannot be before the end of year lock date, currently set at 31-Mar-2026/,
  );
  await control(url, "POST", "edit", { resource: "Organisation", changes: { PeriodLockDate: null } });
  expect((await create(session)).status).toBe("DRAFT");
});

type Question = {
  since?: Date;
  where?: string;
  order?: string;
  ids?: string[];
  numbers?: string[];
  contactIds?: string[];
  statuses?: string[];
  page?: number;
  mine?: boolean;
  summaryOnly?: boolean;
  pageSize?: number;
  searchTerm?: string;
};

/** getInvoices takes seventeen positions (facts/xero.md section 8). */
const ask = ({ api, tenant }: Session, q: Question) =>
  api.getInvoices(
    tenant,
    q.since,
    q.where,
    q.order,
    q.ids,
    q.numbers,
    q.contactIds,
    q.statuses,
    q.page,
    undefined,
    q.mine,
    undefined,
    q.summaryOnly,
    q.pageSize,
    q.searchTerm,
  );

const numbersOf = async (session: Session, question: Question) =>
  (await ask(session, question)).body.invoices?.map(({ invoiceNumber }) => invoiceNumber);

/** Five invoices, M-1 to M-5: odd ones of Ann, approved; even ones of Bo, drafts; each a day later and dearer. */
async function openFilled(): Promise<Session & { invoices: Required<Invoice>[] }> {
  const session = await openSession();
  const sent = [1, 2, 3, 4, 5].map((day) => ({
    type: xero.Invoice.TypeEnum.ACCREC,
    contact: { name: day % 2 === 1 ? "Ann Lee" : "Bo Chan" },
    invoiceNumber: `M-${day}`,
    reference: `web order ${day}`,
    date: `2026-11-0${day}`,
    dueDate: "2026-12-20",
    status: day % 2 === 1 ? AUTHORISED : DRAFT,
    lineItems: [
      { description: "x", quantity: 1, unitAmount: day * 10, accountCode: "200", taxType: "ZERORATEDOUTPUT" },
    ],
  }));
  const { body } = await session.api.createInvoices(session.tenant, { invoices: sent }, false);
  return { ...session, invoices: (body.invoices ?? []) as Required<Invoice>[] };
}

test("pages have full lines and a count, end with an empty page, and are at most a thousand long", async () => {
  const session = await openFilled();
  const seen: unknown[] = [];
  for (const page of [1, 2, 3]) {
    const { body } = await ask(session, { page, pageSize: 2, order: "Date ASC" });
    expect(body.pagination).toMatchObject({ page, pageSize: 2, pageCount: 3, itemCount: 5 });
    for (const { invoiceNumber, lineItems } of body.invoices ?? []) {
      seen.push(invoiceNumber);
      expect(lineItems).toHaveLength(1);
    }
  }
  expect(seen).toEqual(["M-1", "M-2", "M-3", "M-4", "M-5"]);
  expect((await ask(session, { page: 4, pageSize: 2 })).body.invoices).toEqual([]);
  expect((await ask(session, { page: 1 })).body.pagination?.pageSize).toBe(100);
  expect((await ask(session, { page: 1, pageSize: 1000 })).response.status).toBe(200);
  expect((await refusalOf(ask(session, { page: 1, pageSize: 1001 }))).status).toBe(400);
});

test("an unpaged list has neither lines nor paging, a summary has even less", async () => {
  const session = await openFilled();
  const { body } = await ask(session, {});
  expect(body.pagination).toBeUndefined();
  expect(body.invoices).toHaveLength(5);
  expect(body.invoices?.[0]).toMatchObject({ lineItems: [], contact: { name: "Ann Lee" } });
  const summary = (await ask(session, { summaryOnly: true })).body;
  expect(summary.pagination).toMatchObject({ page: 1, itemCount: 5 });
  expect(summary.invoices?.[0]).toMatchObject({ invoiceNumber: "M-1", total: 10 });
  expect(summary.invoices?.[0]?.lineItems).toBeUndefined();
  expect(summary.invoices?.[0]?.payments).toBeUndefined();
  const byStatus = (await ask(session, { statuses: ["DRAFT"] })).body;
  expect(byStatus.invoices?.map(({ lineItems }) => lineItems?.length)).toEqual([1, 1]);
});

test("IDs, numbers, contacts, statuses, search term and createdByMyApp narrow a list", async () => {
  const session = await openFilled();
  const [first, second, third] = session.invoices;
  const ids = [first?.invoiceID ?? "", third?.invoiceID ?? ""];
  const contactIds = [second?.contact.contactID ?? ""];
  expect(await numbersOf(session, { ids })).toEqual(["M-1", "M-3"]);
  expect(await numbersOf(session, { numbers: ["M-2", "M-9"] })).toEqual(["M-2"]);
  expect(await numbersOf(session, { contactIds })).toEqual(["M-2", "M-4"]);
  expect(await numbersOf(session, { statuses: ["AUTHORISED"] })).toEqual(["M-1", "M-3", "M-5"]);
  expect(await numbersOf(session, { statuses: ["AUTHORISED", "DRAFT"], contactIds })).toEqual(["M-2", "M-4"]);
  expect(await numbersOf(session, { searchTerm: "ORDER 4" })).toEqual(["M-4"]);
  expect(await numbersOf(session, { searchTerm: "m-5" })).toEqual(["M-5"]);
  const changes = { Type: "ACCREC", Contact: { Name: "Cy" }, InvoiceNumber: "HAND-1" };
  await control(session.url, "POST", "edit", { resource: "Invoices", changes });
  expect(await numbersOf(session, {})).toHaveLength(6);
  expect(await numbersOf(session, { mine: true })).not.toContain("HAND-1");
});

test("where and order understand what the documentation shows, and say what they do not", async () => {
  const session = await openFilled();
  const contactID = session.invoices[1]?.contact.contactID;
  const found: [string, string[]][] = [
    ['Type=="ACCREC" AND Status=="AUTHORISED"', ["M-1", "M-3", "M-5"]],
    ['Status=="DRAFT" OR InvoiceNumber=="M-1"', ["M-1", "M-2", "M-4"]],
    ["Date>=DateTime(2026,11,02) AND Date<DateTime(2026,11,04)", ["M-2", "M-3"]],
    [`Contact.ContactID==guid("${contactID}")`, ["M-2", "M-4"]],
    ['Contact.Name=="Ann Lee" AND Total>10', ["M-3", "M-5"]],
    ["AmountDue>=40.00", ["M-4", "M-5"]],
    ['Reference!=null AND Reference.EndsWith("5")', ["M-5"]],
  ];
  for (const [where, numbers] of found) {
    expect([where, await numbersOf(session, { where, order: "InvoiceNumber ASC" })]).toEqual([
      where,
      numbers,
    ]);
  }
  expect(await numbersOf(session, { order: "Date DESC" })).toEqual(["M-5", "M-4", "M-3", "M-2", "M-1"]);
  for (const where of ["Colour==1", "Total=", 'Date=="yesterday"']) {
    const refused = await refusalOf(ask(session, { where }));
    expect([where, refused.status, refused.body.Type]).toEqual([where, 400, "QueryParseException"]);
  }
});

test("If-Modified-Since shows what changed, and a payment changes its invoice", async () => {
  const session = await openFilled();
  const { url, api, tenant, invoices } = session;
  await control(url, "POST", "clock", { advanceSeconds: 60 });
  const since = new Date(
    Math.max(...invoices.map(({ updatedDateUTC }) => updatedDateUTC.getTime())) + 30_000,
  );
  expect(await numbersOf(session, { since })).toEqual([]);
  const invoiceID = invoices[2]?.invoiceID ?? "";
  const payment = { invoice: { invoiceID }, account: { code: "090" }, date: "2026-11-22", amount: 30 };
  await api.createPayment(tenant, payment);
  expect(await numbersOf(session, { since })).toEqual(["M-3"]);
  const payments = await api.getPayments(tenant, since, `Invoice.InvoiceID==guid("${invoiceID}")`);
  expect(only(payments.body.payments).amount).toBe(30);
  expect((await api.getContacts(tenant, since)).body.contacts).toEqual([]);
});

test("contacts, credit notes and payments page too; accounts, items and tax rates do not", async () => {
  const session = await openFilled();
  const { api, tenant } = session;
  const contacts = await api.getContacts(
    tenant,
    undefined,
    'Name.StartsWith("B")',
    "Name ASC",
    undefined,
    1,
    undefined,
    undefined,
    undefined,
    1,
  );
  expect(contacts.body.pagination).toMatchObject({ pageSize: 1, itemCount: 1 });
  expect(only(contacts.body.contacts).name).toBe("Bo Chan");
  const search = api.getContacts(
    tenant,
    undefined,
    undefined,
    undefined,
    undefined,
    1,
    undefined,
    true,
    "LEE",
  );
  expect(only((await search).body.contacts).name).toBe("Ann Lee");
  const notes = await api.getCreditNotes(tenant, undefined, undefined, undefined, 1);
  expect(notes.body).toMatchObject({ creditNotes: [], pagination: { itemCount: 0 } });
  const accounts = await api.getAccounts(tenant, undefined, 'Type=="BANK" AND Status=="ACTIVE"', "Code DESC");
  expect(accounts.body.accounts?.map(({ code }) => code)).toEqual(["091", "090"]);
  const debtors = await api.getAccounts(tenant, undefined, 'SystemAccount=="DEBTORS"');
  expect(only(debtors.body.accounts).type).toBe("CURRENT");
  const rates = await api.getTaxRates(tenant, 'Status=="ACTIVE" AND TaxType=="OUTPUT2"');
  expect(only(rates.body.taxRates)).toMatchObject({ effectiveRate: 20, canApplyToRevenue: true });
  const actions = (await api.getOrganisationActions(tenant)).body.actions;
  const mayInvoice = actions?.find(({ name }) => name === "CreateApprovedInvoice")?.status;
  expect(String(mayInvoice)).toBe("ALLOWED");
});
