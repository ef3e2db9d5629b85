import { describe, expect, test } from "vitest";
import xero from "xero-node";
import { type Body, invoiceOf } from "./testing.ts";
import { connect, control, start } from "./testing-http.ts";

const { AccountingApi, BankTransaction, CreditNote, Invoice, LineAmountTypes } = xero;

/** xero-node rejects with a JSON string (facts/xero.md section 8). */
async function rejection(promise: Promise<unknown>): Promise<Body> {
  try {
    await promise;
  } catch (error) {
    return JSON.parse(String(error));
  }
  throw new Error("it did not reject");
}

describe("xero-node 20", () => {
  test("makes a contact, an invoice and a payment, and reads them back", async () => {
    const { url } = await start();
    const { token, tenant } = await connect(url);
    const api = new AccountingApi(`${url}/api.xro/2.0`);
    api.accessToken = token;
    const contacts = await api.createContacts(tenant, {
      contacts: [{ name: "Ann Lee", emailAddress: "ann@example.com" }],
    });
    const contactID = contacts.body.contacts?.[0]?.contactID ?? "";
    const line = {
      description: "A thing",
      quantity: 2,
      unitAmount: 20.05,
      accountCode: "200",
      taxType: "OUTPUT2",
    };
    const invoice = {
      type: Invoice.TypeEnum.ACCREC,
      contact: { contactID },
      date: "2026-11-20",
      dueDate: "2026-12-20",
      lineAmountTypes: LineAmountTypes.Inclusive,
      status: Invoice.StatusEnum.AUTHORISED,
      lineItems: [line],
    };
    const invoices = await api.createInvoices(tenant, { invoices: [invoice] }, false, 4, "key-1");
    const made = invoices.body.invoices?.[0];
    expect(made).toMatchObject({ invoiceNumber: "INV-0001", total: 40.1, totalTax: 6.68, amountDue: 40.1 });
    expect(made?.date).toEqual(new Date("2026-11-20T00:00:00Z"));
    const payment = await api.createPayment(tenant, {
      invoice: { invoiceID: made?.invoiceID ?? "" },
      account: { code: "605" },
      date: "2026-11-21",
      amount: 40.1,
    });
    const paymentID = payment.body.payments?.[0]?.paymentID ?? "";
    const read = await api.getInvoice(tenant, made?.invoiceID ?? "");
    expect(read.body.invoices?.[0]).toMatchObject({
      status: "PAID",
      amountDue: 0,
      payments: [{ paymentID, amount: 40.1 }],
    });
    const deleted = await api.deletePayment(tenant, paymentID, { status: "DELETED" });
    expect(deleted.body.payments?.[0]?.status).toBe("DELETED");
    const listed = await api.getInvoices(
      tenant,
      new Date("2020-02-06T12:17:43.202Z"),
      'Type=="ACCREC"',
      "UpdatedDateUTC ASC",
      undefined,
      ["INV-0001"],
      undefined,
      ["AUTHORISED"],
      1,
    );
    expect(listed.body.invoices).toHaveLength(1);
    const organisation = await api.getOrganisations(tenant);
    expect(organisation.body.organisations?.[0]?.baseCurrency).toBe("GBP");
  });

  test("knows its way around the other documents", async () => {
    const { url } = await start();
    const { token, tenant } = await connect(url);
    const api = new AccountingApi(`${url}/api.xro/2.0`);
    api.accessToken = token;
    const lineItems = [{ description: "x", quantity: 1, unitAmount: 50, accountCode: "200" }];
    const common = { contact: { name: "Ann Lee" }, date: "2026-11-20", dueDate: "2026-12-20", lineItems };
    const status = Invoice.StatusEnum.AUTHORISED;
    const invoiceType = Invoice.TypeEnum.ACCREC;
    const both = { invoices: [1, 2].map(() => ({ ...common, type: invoiceType, status })) };
    const [first, second] = (await api.createInvoices(tenant, both, false)).body.invoices ?? [];
    const note = {
      ...common,
      type: CreditNote.TypeEnum.ACCRECCREDIT,
      status: CreditNote.StatusEnum.AUTHORISED,
    };
    const [credit] = (await api.createCreditNotes(tenant, { creditNotes: [note] })).body.creditNotes ?? [];
    const creditNoteID = credit?.creditNoteID ?? "";
    const allocation = { amount: 10, date: "2026-11-20", invoice: { invoiceID: first?.invoiceID ?? "" } };
    const allocated = await api.createCreditNoteAllocation(
      tenant,
      creditNoteID,
      { allocations: [allocation] },
      true,
    );
    const allocationID = allocated.body.allocations?.[0]?.allocationID ?? "";
    const removed = await api.deleteCreditNoteAllocations(tenant, creditNoteID, allocationID);
    expect(removed.body.isDeleted).toBe(true);
    const payments = [first, second].map((one) => ({
      invoice: { invoiceID: one?.invoiceID ?? "" },
      amount: 60,
    }));
    const batch = await api.createBatchPayment(tenant, {
      batchPayments: [{ account: { code: "090" }, date: "2026-11-22", payments }],
    });
    expect(batch.body.batchPayments?.[0]).toMatchObject({ totalAmount: 120, status: "AUTHORISED" });
    const invoiceID = first?.invoiceID ?? "";
    await api.createInvoiceHistory(tenant, invoiceID, { historyRecords: [{ details: "order 7" }] });
    const history = await api.getInvoiceHistory(tenant, invoiceID);
    expect(history.body.historyRecords?.[0]?.details).toBe("order 7");
    const file = await api.createInvoiceAttachmentByFileName(
      tenant,
      invoiceID,
      "a b.txt",
      Buffer.from("hello"),
      true,
    );
    expect(file.body.attachments?.[0]).toMatchObject({
      fileName: "a b.txt",
      contentLength: 5,
      includeOnline: true,
    });
    const items = await api.createItems(tenant, { items: [{ code: "abc", name: "Abc" }] }, false, 4);
    expect(items.body.items?.[0]?.code).toBe("abc");
    const spend = {
      type: BankTransaction.TypeEnum.SPEND,
      contact: { name: "Stripe" },
      bankAccount: { code: "090" },
    };
    const fees = await api.createBankTransactions(tenant, {
      bankTransactions: [
        { ...spend, lineItems: [{ description: "Fees", unitAmount: 3, accountCode: "404" }] },
      ],
    });
    expect(fees.body.bankTransactions?.[0]?.total).toBe(3.6);
    const report = await api.getReportTrialBalance(tenant, "2026-11-24");
    expect(report.body.reports?.[0]?.reportName).toBe("Trial Balance");
    const rates = await api.getTaxRates(tenant, 'TaxType=="OUTPUT2"');
    expect(rates.body.taxRates?.[0]?.effectiveRate).toBe(20);
    const tracking = await api.createTrackingCategory(tenant, { name: "Region" });
    expect(tracking.body.trackingCategories?.[0]?.name).toBe("Region");
    const journalLines = [
      { lineAmount: 1, accountCode: "404" },
      { lineAmount: -1, accountCode: "605" },
    ];
    const journals = await api.createManualJournals(tenant, {
      manualJournals: [{ narration: "x", journalLines }],
    });
    expect(journals.body.manualJournals?.[0]?.manualJournalID).toBeDefined();
  });

  test("settles a mixed batch, and rejects with what the server said", async () => {
    const { url } = await start();
    const { token, tenant } = await connect(url);
    const api = new AccountingApi(`${url}/api.xro/2.0`);
    api.accessToken = token;
    const invoiceFor = (accountCode: string) => ({
      type: Invoice.TypeEnum.ACCREC,
      contact: { name: "Bo" },
      dueDate: "2026-12-20",
      status: Invoice.StatusEnum.AUTHORISED,
      lineItems: [{ description: "x", quantity: 1, unitAmount: 1, accountCode }],
    });
    const both = { invoices: [invoiceFor("200"), invoiceFor("999")] };
    const mixed = await api.createInvoices(tenant, both, false);
    expect(mixed.body.invoices?.map((invoice) => invoice.statusAttributeString)).toEqual(["OK", "ERROR"]);
    const refused = await rejection(api.createInvoices(tenant, both, true));
    expect(refused.response.statusCode).toBe(400);
    expect(refused.body).toMatchObject({ ErrorNumber: 10, Elements: [{ HasErrors: true }] });
    const empty = await rejection(api.createInvoices(tenant, { Invoices: [] } as Body, false));
    expect(empty.body.ErrorNumber).toBe(17);
    const missing = await rejection(api.getInvoice(tenant, "11111111-1111-4111-8111-111111111111"));
    expect(missing.response.statusCode).toBe(404);
    api.accessToken = "nonsense";
    expect((await rejection(api.getOrganisations(tenant))).response.statusCode).toBe(401);
  });
});

describe("over HTTP", () => {
  test("every answer carries the limits, and the 429 says for how long", async () => {
    const { url } = await start({ minuteLimit: 3, minuteSeconds: 30 });
    const { send } = await connect(url);
    const remaining: (string | null)[] = [];
    for (let call = 0; call < 3; call += 1) {
      remaining.push((await send("GET", "Organisation")).headers.get("x-minlimit-remaining"));
    }
    expect(remaining).toEqual(["2", "1", "0"]);
    const refused = await send("GET", "Organisation");
    expect(refused).toMatchObject({ status: 429, body: "" });
    expect(refused.headers.get("x-rate-limit-problem")).toBe("minute");
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(30);
    await control(url, "POST", "clock", { advanceSeconds: seconds });
    expect((await send("GET", "Organisation")).status).toBe(200);
  });

  test("the sixth call at once is refused", async () => {
    const { url } = await start({ latencyMs: 100 });
    const { send } = await connect(url);
    const answers = await Promise.all(Array.from({ length: 6 }, () => send("GET", "Organisation")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0].headers.get("x-rate-limit-problem")).toBe("concurrent");
    expect(refused[0].headers.get("retry-after")).toBeNull();
  });

  test("an idempotency key answers again, refuses another body, and forgets", async () => {
    const { url } = await start();
    const { send } = await connect(url);
    const key = { "Idempotency-Key": "k-1" };
    const first = await send("PUT", "Contacts", { Name: "Ann Lee" }, key);
    const second = await send("PUT", "Contacts", { Name: "Ann Lee" }, key);
    expect(second.body).toEqual(first.body);
    const other = await send("PUT", "Contacts", { Name: "Bo" }, key);
    expect(other).toMatchObject({
      status: 400,
      body: { Message: "Idempotency Key: k-1 is used with a different request." },
    });
    await control(url, "POST", "clock", { advanceSeconds: 361 });
    const client = await connect(url);
    expect((await client.send("PUT", "Contacts", { Name: "Ann Lee" }, key)).status).toBe(400);
  });

  test("a GET with a body is a GET", async () => {
    const { url } = await start();
    const { token, tenant } = await connect(url);
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        "xero-tenant-id": tenant,
        "content-type": "application/json",
        "content-length": 2,
      };
      const call = request(`${url}/api.xro/2.0/Organisation`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject);
      call.end("{}");
    });
    expect(status).toBe(200);
  });

  test("tokens expire by the sandbox clock", async () => {
    const { url } = await start();
    const { send } = await connect(url);
    await control(url, "POST", "clock", { advanceSeconds: 1801 });
    const { status, body } = await send("GET", "Organisation");
    expect(status).toBe(401);
    expect(body.Detail).toMatch(/^TokenExpired: token expired at \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
  });
});

describe("the control plane", () => {
  test("shows what is stored and what was called, and goes back to the scenario", async () => {
    const { url } = await start();
    const { send } = await connect(url);
    await send("PUT", "Contacts", { Name: "Ann Lee" });
    const state = await control(url, "GET", "state");
    expect(state.contacts).toMatchObject([{ Name: "Ann Lee" }]);
    expect(state.invoices).toEqual([]);
    await send("GET", `Contacts/${state.contacts[0].ContactID}`);
    const calls = await control(url, "GET", "calls");
    expect(calls.counts).toMatchObject({
      "PUT /api.xro/2.0/Contacts": 1,
      "GET /api.xro/2.0/Contacts/{id}": 1,
    });
    expect(calls.log.at(-1)).toMatchObject({ method: "GET", status: 200 });
    await control(url, "POST", "reset");
    expect((await control(url, "GET", "state")).contacts).toEqual([]);
    expect((await send("GET", "Organisation")).status).toBe(200);
  });

  test.each([
    ["429-minute", 429],
    ["429-day", 429],
    ["503", 503],
    ["validation", 400],
  ])("a fault of kind %s answers %i, as often as asked", async (kind, status) => {
    const { url } = await start();
    const { send } = await connect(url);
    const match = { method: "PUT", path: "/api.xro/2.0/Contacts" };
    await control(url, "POST", "faults", { match, kind, times: 1, seconds: 7, message: "as you wish" });
    const answer = await send("PUT", "Contacts", { Name: "Ann Lee" });
    expect(answer.status).toBe(status);
    if (status === 429) expect(answer.headers.get("retry-after")).toBe("7");
    if (kind === "validation")
      expect(answer.body.Elements[0].ValidationErrors).toEqual([{ Message: "as you wish" }]);
    expect((await control(url, "GET", "state")).contacts).toEqual([]);
    expect((await send("PUT", "Contacts", { Name: "Ann Lee" })).status).toBe(200);
  });

  test.each([
    ["timeout-before", 0],
    ["timeout-after", 1],
    ["reset", 0],
  ])("a fault of kind %s never answers and leaves %i contacts", async (kind, count) => {
    const { url } = await start();
    const { token, tenant } = await connect(url);
    await control(url, "POST", "faults", { match: { path: "Contacts" }, kind });
    const broken = fetch(`${url}/api.xro/2.0/Contacts`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "xero-tenant-id": tenant },
      body: JSON.stringify({ Name: "Ann Lee" }),
      signal: AbortSignal.timeout(300),
    });
    await expect(broken).rejects.toThrow(kind === "reset" ? "fetch failed" : "aborted due to timeout");
    expect((await control(url, "GET", "state")).contacts).toHaveLength(count);
  });

  test("a key that timed out after the commit is answered from memory", async () => {
    const { url } = await start();
    const { token, tenant, send } = await connect(url);
    await control(url, "POST", "faults", { match: { path: "Contacts" }, kind: "timeout-after" });
    const headers = {
      authorization: `Bearer ${token}`,
      "xero-tenant-id": tenant,
      "idempotency-key": "k",
      "content-type": "application/json",
    };
    const body = JSON.stringify({ Name: "Ann Lee" });
    await expect(
      fetch(`${url}/api.xro/2.0/Contacts`, {
        method: "PUT",
        headers,
        body,
        signal: AbortSignal.timeout(200),
      }),
    ).rejects.toThrow();
    expect((await send("PUT", "Contacts", { Name: "Ann Lee" }, { "idempotency-key": "k" })).status).toBe(200);
    expect((await control(url, "GET", "state")).contacts).toHaveLength(1);
  });

  test("a bookkeeper edits, deletes a payment, locks the period and takes a contact out of the archive", async () => {
    const { url } = await start();
    const { send } = await connect(url);
    const contactId = (await send("PUT", "Contacts", { Name: "Ann Lee" })).body.Contacts[0].ContactID;
    const invoice = (await send("PUT", "Invoices", invoiceOf(contactId))).body.Invoices[0];
    const line = { ...invoice.LineItems[0], UnitAmount: 90, LineAmount: undefined, TaxAmount: undefined };
    const edited = await control(url, "POST", "edit", {
      resource: "Invoices",
      id: invoice.InvoiceID,
      changes: { LineItems: [line] },
    });
    expect(edited.Invoices[0].Total).toBe(108);
    await send("POST", "Contacts", { ContactID: contactId, ContactStatus: "ARCHIVED" });
    const changes = { ContactStatus: "ACTIVE" };
    const restored = await control(url, "POST", "edit", { resource: "Contacts", id: contactId, changes });
    expect(restored.Contacts[0].ContactStatus).toBe("ACTIVE");
    await control(url, "POST", "edit", {
      resource: "Organisation",
      changes: { PeriodLockDate: "2026-11-30" },
    });
    expect((await send("PUT", "Invoices", invoiceOf(contactId))).status).toBe(400);
  });
});
