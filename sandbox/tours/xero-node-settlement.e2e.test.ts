import { expect, test } from "vitest";
import xero from "xero-node";
import { only, openSession, refusalOf, type Session } from "./xero-session.ts";

const { AUTHORISED, VOIDED } = xero.Invoice.StatusEnum;
const ACCREC = xero.Invoice.TypeEnum.ACCREC;
const BANK = { code: "090" };
const DATES = { date: "2026-11-20", dueDate: "2026-12-20" };
const LINE = { description: "A thing", quantity: 1, unitAmount: 100, accountCode: "200" };
const PAID_OFF = "Payment amount exceeds the amount outstanding on this document";

async function makeInvoice({ api, tenant }: Session, contact: object = { name: "Ann Lee" }) {
  const invoice = { type: ACCREC, contact, ...DATES, status: AUTHORISED, lineItems: [LINE] };
  return only((await api.createInvoices(tenant, { invoices: [invoice] })).body.invoices);
}

async function makeCreditNote({ api, tenant }: Session, contact: object = { name: "Ann Lee" }) {
  const note = {
    type: xero.CreditNote.TypeEnum.ACCRECCREDIT,
    status: xero.CreditNote.StatusEnum.AUTHORISED,
    contact,
    date: "2026-11-21",
    lineItems: [{ ...LINE, unitAmount: 50 }],
  };
  return only((await api.createCreditNotes(tenant, { creditNotes: [note] })).body.creditNotes);
}

const pay = ({ api, tenant }: Session, invoiceID: string, amount: number, account: object = BANK) =>
  api.createPayment(tenant, { invoice: { invoiceID }, account, date: "2026-11-22", amount });
const readInvoice = async ({ api, tenant }: Session, id: string) =>
  only((await api.getInvoice(tenant, id)).body.invoices);
const readCreditNote = async ({ api, tenant }: Session, id: string) =>
  only((await api.getCreditNote(tenant, id)).body.creditNotes);
const voidInvoice = ({ api, tenant }: Session, id: string) =>
  api.updateInvoice(tenant, id, { invoices: [{ status: VOIDED }] });

test("an invoice is part-paid, paid off, overpaid in vain, unpaid again and voided", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID } = await makeInvoice(session);
  const part = only((await pay(session, invoiceID, 40)).body.payments);
  expect(part).toMatchObject({ amount: 40, status: "AUTHORISED", paymentType: "ACCRECPAYMENT" });
  expect(await readInvoice(session, invoiceID)).toMatchObject({
    status: "AUTHORISED",
    amountDue: 80,
    amountPaid: 40,
  });
  const over = await refusalOf(pay(session, invoiceID, 80.01));
  expect([over.status, over.messages]).toEqual([400, [PAID_OFF]]);
  const rest = only((await pay(session, invoiceID, 80)).body.payments);
  const paid = await readInvoice(session, invoiceID);
  expect(paid).toMatchObject({ status: "PAID", amountDue: 0, amountPaid: 120 });
  expect(paid.fullyPaidOnDate).toEqual(new Date("2026-11-22T00:00:00Z"));
  expect(paid.payments.map(({ amount }) => amount)).toEqual([40, 80]);
  expect((await refusalOf(pay(session, invoiceID, 0.01))).status).toBe(400);

  expect((await refusalOf(voidInvoice(session, invoiceID))).status).toBe(400);
  for (const { paymentID } of [part, rest]) {
    const gone = await api.deletePayment(tenant, paymentID, { status: "DELETED" });
    expect(only(gone.body.payments).status).toBe("DELETED");
    expect(only((await api.getPayment(tenant, paymentID)).body.payments).status).toBe("DELETED");
  }
  const twice = await refusalOf(api.deletePayment(tenant, part.paymentID, { status: "DELETED" }));
  expect(twice.messages).toEqual(["Payment not of valid status for modification"]);
  expect(await readInvoice(session, invoiceID)).toMatchObject({ status: "AUTHORISED", amountDue: 120 });
  await voidInvoice(session, invoiceID);
  expect((await readInvoice(session, invoiceID)).status).toBe("VOIDED");
});

test("a payment without a fitting account, amount or document is refused in Xero's words", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID } = await makeInvoice(session);
  const messages = async (amount: number, account?: object) =>
    (await refusalOf(pay(session, invoiceID, amount, account))).messages;
  expect(await messages(1, { code: "200" })).toEqual([
    "Account type is invalid for making a payment to/from",
  ]);
  expect(await messages(1, { code: "999" })).toEqual(["Account could not be found"]);
  expect(await messages(1, {})).toEqual(["You must specify an Account code or Account ID for the payment."]);
  expect(await messages(-1)).toEqual(["Payment amounts must be positive amounts"]);
  const invoice = { type: ACCREC, contact: { name: "Ann Lee" }, lineItems: [LINE] };
  const draft = only((await api.createInvoices(tenant, { invoices: [invoice] })).body.invoices);
  expect((await refusalOf(pay(session, draft.invoiceID, 1))).messages).toEqual([
    "Payments can only be made against Authorised documents",
  ]);
  expect((await api.getPayments(tenant)).body.payments).toEqual([]);
  // A clearing account that accepts payments will do.
  expect((await pay(session, invoiceID, 1, { code: "605" })).response.status).toBe(200);
});

test("of several payments in one call the good ones are kept and the others say why not", async () => {
  const session = await openSession({ behaviour: { batchErrorSavesGood: false } });
  const { api, tenant } = session;
  const { invoiceID } = await makeInvoice(session);
  const payment = { invoice: { invoiceID }, account: BANK, date: "2026-11-22" };
  const payments = [70, 70].map((amount) => ({ ...payment, amount }));
  expect((await refusalOf(api.createPayments(tenant, { payments }, true))).messages).toEqual([PAID_OFF]);
  expect((await readInvoice(session, invoiceID)).amountPaid).toBe(0);
  const [good, bad] = (await api.createPayments(tenant, { payments }, false)).body.payments ?? [];
  expect(good).toMatchObject({ statusAttributeString: "OK", hasValidationErrors: false, amount: 70 });
  expect(bad).toMatchObject({
    statusAttributeString: "ERROR",
    hasValidationErrors: true,
    validationErrors: [{ message: PAID_OFF }],
  });
  expect(await readInvoice(session, invoiceID)).toMatchObject({ amountPaid: 70, amountDue: 50 });
});

test("a paid document keeps its date and lines, and lets its reference change", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID, lineItems } = await makeInvoice(session);
  await pay(session, invoiceID, 40);
  const edit = (changes: object) => api.updateInvoice(tenant, invoiceID, { invoices: [changes] });
  expect((await refusalOf(edit({ date: "2026-11-19" }))).messages).toEqual([
    "Date cannot be changed on an invoice that has payment or credit notes allocated to it.",
  ]);
  expect((await refusalOf(edit({ status: VOIDED }))).messages).toEqual([
    "The status VOIDED cannot be applied to the invoice because it has payment or Credit notes allocated to it.",
  ]);
  const line = { lineItemID: lineItems[0]?.lineItemID ?? "", quantity: 2 };
  expect((await refusalOf(edit({ lineItems: [line] }))).messages).toEqual([
    "This document cannot be edited as it has a payment or credit note allocated to it.",
  ]);
  await edit({ reference: "order 100000001" });
  expect(await readInvoice(session, invoiceID)).toMatchObject({ reference: "order 100000001", total: 120 });
});

test("money above the invoice comes in as an overpayment, which is allocated, taken back and refunded", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID, contact } = await makeInvoice(session);
  const received = {
    type: xero.BankTransaction.TypeEnum.RECEIVEOVERPAYMENT,
    contact: { contactID: contact.contactID ?? "" },
    bankAccount: BANK,
    date: "2026-11-21",
    lineItems: [{ description: "Paid too much", unitAmount: 150 }],
  };
  const banked = await api.createBankTransactions(tenant, { bankTransactions: [received] });
  const { bankTransactionID, overpaymentID } = only(banked.body.bankTransactions);
  expect(overpaymentID).toBeTruthy();
  const read = async () => only((await api.getOverpayment(tenant, overpaymentID)).body.overpayments);
  expect(await read()).toMatchObject({
    type: "RECEIVE-OVERPAYMENT",
    status: "AUTHORISED",
    total: 150,
    totalTax: 0,
    remainingCredit: 150,
  });
  const allocate = (amount: number) =>
    api.createOverpaymentAllocations(tenant, overpaymentID, {
      allocations: [{ amount, date: "2026-11-21", invoice: { invoiceID } }],
    });
  const tooMuch = await refusalOf(allocate(120.01));
  expect(tooMuch.messages).toEqual([
    "Overpayment cannot be allocated as amount is greater than amount outstanding",
  ]);
  const { allocationID } = only((await allocate(120)).body.allocations);
  expect(await readInvoice(session, invoiceID)).toMatchObject({
    status: "PAID",
    amountDue: 0,
    amountCredited: 120,
    overpayments: [{ overpaymentID, appliedAmount: 120 }],
  });
  expect(await read()).toMatchObject({ remainingCredit: 30, allocations: [{ amount: 120 }] });
  await api.deleteOverpaymentAllocations(tenant, overpaymentID, allocationID);
  expect(await readInvoice(session, invoiceID)).toMatchObject({ status: "AUTHORISED", amountDue: 120 });
  await allocate(120);
  const refund = { overpayment: { overpaymentID }, account: BANK, date: "2026-11-23", amount: 30 };
  const paid = only((await api.createPayment(tenant, refund)).body.payments);
  expect(paid).toMatchObject({ paymentType: "AROVERPAYMENTPAYMENT", amount: 30 });
  expect(await read()).toMatchObject({ status: "PAID", remainingCredit: 0 });
  const transaction = await api.getBankTransaction(tenant, bankTransactionID);
  expect(only(transaction.body.bankTransactions)).toMatchObject({ overpaymentID, total: 150 });
});

test("a credit note is allocated, freed, allocated again and the rest refunded", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID } = await makeInvoice(session);
  const { creditNoteID, creditNoteNumber } = await makeCreditNote(session);
  expect(creditNoteNumber).toBe("CN-0001");
  const allocate = (amount: number, target = invoiceID) =>
    api.createCreditNoteAllocation(tenant, creditNoteID, {
      allocations: [{ amount, date: "2026-11-21", invoice: { invoiceID: target } }],
    });
  expect((await refusalOf(allocate(60.01))).messages).toEqual([
    "Credit Note cannot be allocated as amount is greater than amount outstanding",
  ]);
  const whole = only((await allocate(60)).body.allocations);
  expect(await readInvoice(session, invoiceID)).toMatchObject({
    status: "AUTHORISED",
    amountDue: 60,
    amountCredited: 60,
    creditNotes: [{ creditNoteID, appliedAmount: 60 }],
  });
  expect(await readCreditNote(session, creditNoteID)).toMatchObject({ status: "PAID", remainingCredit: 0 });
  const removed = await api.deleteCreditNoteAllocations(tenant, creditNoteID, whole.allocationID);
  expect(removed.body.isDeleted).toBe(true);
  expect(await readInvoice(session, invoiceID)).toMatchObject({ amountDue: 120, amountCredited: 0 });
  expect(await readCreditNote(session, creditNoteID)).toMatchObject({
    status: "AUTHORISED",
    remainingCredit: 60,
  });
  const unknown = api.deleteCreditNoteAllocations(tenant, creditNoteID, whole.allocationID);
  expect((await refusalOf(unknown)).status).toBe(404);

  await pay(session, invoiceID, 110);
  await allocate(10);
  expect(await readInvoice(session, invoiceID)).toMatchObject({ status: "PAID", amountDue: 0 });
  expect((await refusalOf(allocate(1))).messages).toContain(
    "The invoice you are trying to allocate to has already been paid off",
  );
  const other = await makeInvoice(session, { name: "Bo Chan" });
  expect((await refusalOf(allocate(1, other.invoiceID))).status).toBe(400);

  const refund = { creditNote: { creditNoteID }, account: BANK, date: "2026-11-23", amount: 50 };
  const tooMuch = await refusalOf(api.createPayment(tenant, { ...refund, amount: 50.01 }));
  expect(tooMuch.messages).toEqual([PAID_OFF]);
  const paid = only((await api.createPayment(tenant, refund)).body.payments);
  expect(paid.paymentType).toBe("ARCREDITPAYMENT");
  const settled = await readCreditNote(session, creditNoteID);
  expect(settled).toMatchObject({ status: "PAID", remainingCredit: 0, payments: [{ amount: 50 }] });
  await api.deletePayment(tenant, paid.paymentID, { status: "DELETED" });
  expect(await readCreditNote(session, creditNoteID)).toMatchObject({ remainingCredit: 50 });
});

test("a credit note is voided only while nothing of it is used", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const { invoiceID } = await makeInvoice(session);
  const { creditNoteID } = await makeCreditNote(session);
  const allocation = { amount: 10, date: "2026-11-21", invoice: { invoiceID } };
  const made = await api.createCreditNoteAllocation(tenant, creditNoteID, { allocations: [allocation] });
  const status = xero.CreditNote.StatusEnum.VOIDED;
  const voided = () => api.updateOrCreateCreditNotes(tenant, { creditNotes: [{ creditNoteID, status }] });
  expect((await refusalOf(voided())).status).toBe(400);
  const { allocationID } = only(made.body.allocations);
  await api.deleteCreditNoteAllocations(tenant, creditNoteID, allocationID);
  await voided();
  expect((await readCreditNote(session, creditNoteID)).status).toBe("VOIDED");
});

test("one payout pays many invoices, whose payments only the batch can take back", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  const ids = [(await makeInvoice(session)).invoiceID, (await makeInvoice(session)).invoiceID];
  const payments = (amount: number) => ids.map((invoiceID) => ({ invoice: { invoiceID }, amount }));
  const payout = { account: BANK, date: "2026-11-22", reference: "payout 1" };
  const over = await refusalOf(
    api.createBatchPayment(tenant, { batchPayments: [{ ...payout, payments: payments(120.01) }] }),
  );
  expect(over.messages).toContain(PAID_OFF);
  const made = await api.createBatchPayment(tenant, {
    batchPayments: [{ ...payout, payments: payments(120) }],
  });
  const { batchPaymentID } = only(made.body.batchPayments);
  expect(only(made.body.batchPayments)).toMatchObject({ type: "RECBATCH", totalAmount: 240 });
  for (const id of ids) expect((await readInvoice(session, id)).status).toBe("PAID");
  const [member] = (await readInvoice(session, ids[0] ?? "")).payments;
  const alone = api.deletePayment(tenant, member?.paymentID ?? "", { status: "DELETED" });
  expect((await refusalOf(alone)).messages).toEqual(["Payments within a batch cannot be deleted."]);
  const gone = await api.deleteBatchPayment(tenant, { batchPaymentID, status: "DELETED" });
  expect(only(gone.body.batchPayments).status).toBe("DELETED");
  for (const id of ids) expect((await readInvoice(session, id)).amountDue).toBe(120);
  expect(only((await api.getBatchPayments(tenant)).body.batchPayments).batchPaymentID).toBe(batchPaymentID);
});

test("a euro invoice is paid in euros, and an override of its tax is taken on invoices only", async () => {
  const session = await openSession({ dayRates: { EUR: 1.25 } });
  const { api, tenant } = session;
  const common = { contact: { name: "Ann Lee" }, lineItems: [{ ...LINE, taxAmount: 19.99 }] };
  const invoice = {
    ...common,
    ...DATES,
    type: ACCREC,
    status: AUTHORISED,
    currencyCode: xero.CurrencyCode.EUR,
  };
  const made = only((await api.createInvoices(tenant, { invoices: [invoice] })).body.invoices);
  expect(made).toMatchObject({ currencyCode: "EUR", currencyRate: 1.25, totalTax: 19.99, total: 119.99 });
  const paid = only((await pay(session, made.invoiceID, 119.99, { code: "091" })).body.payments);
  expect(paid).toMatchObject({ amount: 119.99, bankAmount: 119.99 });
  expect((await readInvoice(session, made.invoiceID)).status).toBe("PAID");
  const receive = { ...common, type: xero.BankTransaction.TypeEnum.RECEIVE, bankAccount: BANK };
  const refused = await refusalOf(api.createBankTransactions(tenant, { bankTransactions: [receive] }));
  expect(refused.messages).toContain("Tax amount 19.99 is incorrect for OUTPUT2 tax type, should be 20.00");
});
