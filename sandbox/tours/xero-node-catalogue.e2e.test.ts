import { expect, test } from "vitest";
import xero, { type AccountingApi, type Item } from "xero-node";
import { control } from "../ledger/testing-http.ts";
import { only, openSession, refusalOf, type Session } from "./xero-session.ts";

const { AUTHORISED } = xero.Invoice.StatusEnum;
const { ACTIVE, ARCHIVED } = xero.Contact.ContactStatusEnum;
const DATES = { date: "2026-11-20", dueDate: "2026-12-20" };

const TRACKED: Item = {
  code: "MUG",
  name: "Mug",
  inventoryAssetAccountCode: "630",
  purchaseDetails: { cOGSAccountCode: "310", unitPrice: 4 },
  salesDetails: { accountCode: "200", unitPrice: 10, taxType: "OUTPUT2" },
};

function documentsOf({ api, tenant }: Session) {
  const readMug = async () => only((await api.getItem(tenant, "MUG")).body.items);
  const buy = async (quantity: number) => {
    const lineItems = [{ itemCode: "MUG", quantity, unitAmount: 4, taxType: "NONE" }];
    const bill = { contact: { name: "Pottery" }, ...DATES, status: AUTHORISED, lineItems };
    return api.createInvoices(tenant, { invoices: [{ ...bill, type: xero.Invoice.TypeEnum.ACCPAY }] });
  };
  const sell = (quantity: number, allowBackorders?: boolean) => {
    const invoice = { contact: { name: "Ann Lee" }, ...DATES, status: AUTHORISED };
    const lineItems = [{ itemCode: "MUG", quantity }];
    const invoices = [{ ...invoice, type: xero.Invoice.TypeEnum.ACCREC, lineItems }];
    return api.createInvoices(tenant, { invoices }, true, undefined, undefined, allowBackorders);
  };
  return { readMug, buy, sell };
}

test("an untracked item fills the lines that name it, and its code is taken once", async () => {
  const { api, tenant } = await openSession();
  const item = {
    code: "TEA",
    name: "Tea",
    description: "Breakfast tea",
    salesDetails: { unitPrice: 3.3333, accountCode: "200", taxType: "ZERORATEDOUTPUT" },
  };
  const made = only((await api.createItems(tenant, { items: [item] }, false, 4)).body.items);
  expect(made).toMatchObject({ isTrackedAsInventory: false, salesDetails: { unitPrice: 3.3333 } });
  const again = await refusalOf(api.createItems(tenant, { items: [item] }, true));
  expect(again.messages).toEqual(["Price List Item with Code 'TEA' already exists"]);
  const type = xero.Invoice.TypeEnum.ACCREC;
  const invoice = { type, contact: { name: "Ann" }, ...DATES, status: AUTHORISED };
  const bought = { ...invoice, lineItems: [{ itemCode: "TEA", quantity: 3 }] };
  const [line] = only(
    (await api.createInvoices(tenant, { invoices: [bought] }, false, 4)).body.invoices,
  ).lineItems;
  expect(line).toMatchObject({
    description: "Breakfast tea",
    accountCode: "200",
    taxType: "ZERORATEDOUTPUT",
    lineAmount: 10,
  });
  await api.updateItem(tenant, made.itemID, { items: [{ code: "TEA", name: "Breakfast tea" }] });
  expect(only((await api.getItems(tenant)).body.items).name).toBe("Breakfast tea");
  await api.createItems(tenant, { items: [{ code: "OLD" }] });
  const old = only((await api.getItem(tenant, "OLD")).body.items);
  expect((await api.deleteItem(tenant, old.itemID)).response.status).toBe(204);
  expect((await refusalOf(api.getItem(tenant, "OLD"))).status).toBe(404);
});

test("a tracked item is bought and sold at average cost, never below nothing unless backorders are allowed", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  await api.createItems(tenant, { items: [TRACKED] });
  const { readMug, buy, sell } = documentsOf(session);
  expect(await readMug()).toMatchObject({ isTrackedAsInventory: true, quantityOnHand: 0 });
  await buy(5);
  expect(await readMug()).toMatchObject({ quantityOnHand: 5, totalCostPool: 20 });
  await sell(2);
  expect(await readMug()).toMatchObject({ quantityOnHand: 3, totalCostPool: 12 });
  expect((await refusalOf(sell(4))).status).toBe(400);
  expect(await readMug()).toMatchObject({ quantityOnHand: 3 });
  await sell(4, true);
  expect(await readMug()).toMatchObject({ quantityOnHand: 0, quantityAvailable: -1, quantityOnBackOrder: 1 });
});

test("stock is adjusted by a zero-total bill upwards and a zero-total supplier credit downwards", async () => {
  const session = await openSession();
  const { api, tenant } = session;
  await api.createItems(tenant, { items: [TRACKED] });
  const { readMug } = documentsOf(session);
  const lines = (quantity: number) => [
    { itemCode: "MUG", description: "Stocktake", quantity, unitAmount: 4, taxType: "NONE" },
    {
      description: "Stocktake",
      quantity: 1,
      unitAmount: -4 * quantity,
      accountCode: "310",
      taxType: "NONE",
    },
  ];
  const common = { contact: { name: "Stocktake" }, ...DATES };
  const up = { ...common, type: xero.Invoice.TypeEnum.ACCPAY, status: AUTHORISED, lineItems: lines(7) };
  const bill = only((await api.createInvoices(tenant, { invoices: [up] })).body.invoices);
  expect(bill).toMatchObject({ total: 0, amountDue: 0 });
  expect(await readMug()).toMatchObject({ quantityOnHand: 7, totalCostPool: 28 });
  const down = {
    ...common,
    type: xero.CreditNote.TypeEnum.ACCPAYCREDIT,
    status: xero.CreditNote.StatusEnum.AUTHORISED,
    lineItems: lines(2),
  };
  await api.createCreditNotes(tenant, { creditNotes: [down] });
  expect(await readMug()).toMatchObject({ quantityOnHand: 5, totalCostPool: 20 });
});

test("manual journals balance, post to the trial balance and are voided", async () => {
  const { api, tenant } = await openSession();
  const journal = (debit: number, credit: number) => ({
    manualJournals: [
      {
        narration: "Fees of November",
        date: "2026-11-20",
        status: xero.ManualJournal.StatusEnum.POSTED,
        journalLines: [
          { lineAmount: debit, accountCode: "404" },
          { lineAmount: -credit, accountCode: "605" },
        ],
      },
    ],
  });
  const lopsided = await refusalOf(api.createManualJournals(tenant, journal(100, 10)));
  expect(lopsided.messages).toEqual(["The total debits (100.00) must equal total credits (-10.00)"]);
  const made = await api.createManualJournals(tenant, journal(12.34, 12.34));
  const { manualJournalID } = only(made.body.manualJournals);
  const read = async () => only((await api.getManualJournal(tenant, manualJournalID)).body.manualJournals);
  expect(await read()).toMatchObject({ status: "POSTED", lineAmountTypes: "NoTax" });
  const fees = await balanceOf(api, tenant, "404");
  expect(fees).toEqual(["12.34", "", "12.34", ""]);
  expect(await balanceOf(api, tenant, "605")).toEqual(["", "12.34", "", "12.34"]);
  const gone = { manualJournals: [{ narration: "x", status: xero.ManualJournal.StatusEnum.VOIDED }] };
  await api.updateManualJournal(tenant, manualJournalID, gone);
  expect((await read()).status).toBe("VOIDED");
  expect(await balanceOf(api, tenant, "404")).toBeUndefined();
});

/** The four figures of an account's row, or undefined when it has none. */
async function balanceOf(api: AccountingApi, tenant: string, code: string) {
  const report = only((await api.getReportTrialBalance(tenant, "2026-11-30")).body.reports);
  expect(report.reportName).toBe("Trial Balance");
  expect(report.rows[0]).toMatchObject({ rowType: "Header" });
  const account = only((await api.getAccounts(tenant, undefined, `Code=="${code}"`)).body.accounts);
  const rows = report.rows.flatMap(({ rows: inner }) => inner ?? []);
  const found = rows.find(({ cells }) => cells?.[0]?.attributes?.[0]?.value === account.accountID);
  return found?.cells?.slice(1).map(({ value }) => value);
}

test("an invoice carries files and notes, which only ever grow", async () => {
  const { api, tenant } = await openSession();
  const type = xero.Invoice.TypeEnum.ACCREC;
  const made = await api.createInvoices(tenant, { invoices: [{ type, contact: { name: "Ann" } }] });
  const { invoiceID } = only(made.body.invoices);
  const bytes = Buffer.from("%PDF-1.4 order");
  await api.createInvoiceAttachmentByFileName(tenant, invoiceID, "order 7.pdf", bytes, true);
  const listed = only((await api.getInvoiceAttachments(tenant, invoiceID)).body.attachments);
  expect(listed).toMatchObject({ fileName: "order 7.pdf", contentLength: bytes.length });
  const file = await api.getInvoiceAttachmentByFileName(tenant, invoiceID, "order 7.pdf", "application/pdf");
  expect(Buffer.compare(Buffer.from(file.body), bytes)).toBe(0);
  expect(only((await api.getInvoice(tenant, invoiceID)).body.invoices).hasAttachments).toBe(true);
  for (const details of ["order 7", "order 7"]) {
    await api.createInvoiceHistory(tenant, invoiceID, { historyRecords: [{ details }] });
  }
  const notes = (await api.getInvoiceHistory(tenant, invoiceID)).body.historyRecords;
  expect(notes?.filter(({ details }) => details === "order 7")).toHaveLength(2);
  const long = { historyRecords: [{ details: "x".repeat(2501) }] };
  expect((await refusalOf(api.createInvoiceHistory(tenant, invoiceID, long))).status).toBe(400);
});

test("two tracking categories, their options on lines, and what is used is archived instead of deleted", async () => {
  const { api, tenant } = await openSession();
  const region = only((await api.createTrackingCategory(tenant, { name: "Region" })).body.trackingCategories);
  const third = await refusalOf(api.createTrackingCategory(tenant, { name: "Third" }));
  expect(third.status).toBe(400);
  const id = region.trackingCategoryID;
  const north = only((await api.createTrackingOptions(tenant, id, { name: "North" })).body.options);
  const south = only((await api.createTrackingOptions(tenant, id, { name: "South" })).body.options);
  expect((await refusalOf(api.createTrackingOptions(tenant, id, { name: "north" }))).messages).toEqual([
    "Please enter a unique Name.",
  ]);
  const type = xero.Invoice.TypeEnum.ACCREC;
  const lineOf = (option: string) => [
    {
      description: "x",
      quantity: 1,
      unitAmount: 1,
      accountCode: "200",
      tracking: [
        { name: "Channel", option: "Web" },
        { name: "Region", option },
      ],
    },
  ];
  const send = (option: string) =>
    api.createInvoices(tenant, { invoices: [{ type, contact: { name: "Ann" }, lineItems: lineOf(option) }] });
  const sold = only((await send("North")).body.invoices);
  const [line] = only((await api.getInvoice(tenant, sold.invoiceID)).body.invoices).lineItems;
  expect(line?.tracking?.map(({ name, option }) => [name, option])).toEqual([
    ["Channel", "Web"],
    ["Region", "North"],
  ]);
  expect((await refusalOf(send("East"))).status).toBe(400);
  await api.updateTrackingOptions(tenant, id, south.trackingOptionID, { name: "Deep South" });
  const used = await api.deleteTrackingOptions(tenant, id, north.trackingOptionID);
  const unused = await api.deleteTrackingOptions(tenant, id, south.trackingOptionID);
  expect([only(used.body.options).status, only(unused.body.options).status]).toEqual(["ARCHIVED", "DELETED"]);
  expect((await refusalOf(send("North"))).status).toBe(400);
  const read = only((await api.getTrackingCategory(tenant, id)).body.trackingCategories);
  expect(read.options.map(({ name, status }) => [name, String(status)])).toEqual([["North", "ARCHIVED"]]);
  await api.deleteTrackingCategory(tenant, id);
  const left = (await api.getTrackingCategories(tenant)).body.trackingCategories;
  expect(left?.map(({ name }) => name)).toEqual(["Channel"]);
});

test("a contact is made, read back with Xero's blanks, changed and found by number and by name", async () => {
  const { api, tenant } = await openSession();
  const made = await api.createContacts(tenant, {
    contacts: [
      {
        name: "Ann Lee",
        contactNumber: "M-7",
        emailAddress: "ann@example.com",
        addresses: [{ addressType: xero.Address.AddressTypeEnum.STREET, city: "Leeds", country: "GB" }],
      },
    ],
  });
  const { contactID } = only(made.body.contacts);
  const read = only((await api.getContact(tenant, contactID)).body.contacts);
  expect(read).toMatchObject({ name: "Ann Lee", contactNumber: "M-7", contactStatus: "ACTIVE" });
  expect(read.phones.map(({ phoneType }) => phoneType).sort()).toEqual(["DDI", "DEFAULT", "FAX", "MOBILE"]);
  expect(read.addresses.map(({ addressType }) => addressType).sort()).toEqual(["POBOX", "STREET"]);
  expect(read.addresses.find(({ addressType }) => String(addressType) === "STREET")?.city).toBe("Leeds");
  expect(read.updatedDateUTC).toBeInstanceOf(Date);

  await api.updateContact(tenant, contactID, { contacts: [{ emailAddress: "ann@lee.example" }] });
  const byNumber = only((await api.getContact(tenant, "M-7")).body.contacts);
  expect(byNumber).toMatchObject({ contactID, name: "Ann Lee", emailAddress: "ann@lee.example" });
  // POST without an id finds the contact by its name and updates it.
  await api.updateOrCreateContacts(tenant, { contacts: [{ name: "ann lee", firstName: "Ann" }] });
  expect(only((await api.getContacts(tenant)).body.contacts)).toMatchObject({ contactID, firstName: "Ann" });
});

test("a second contact of one name or number is refused, whatever its case", async () => {
  const { api, tenant } = await openSession();
  await api.createContacts(tenant, { contacts: [{ name: "Ann Lee", contactNumber: "M-7" }] });
  const name = await refusalOf(api.createContacts(tenant, { contacts: [{ name: "ANN LEE" }] }));
  expect([name.status, name.body.ErrorNumber]).toEqual([400, 10]);
  expect(name.messages).toEqual([
    "The contact name ANN LEE is already assigned to another contact. The contact name must be unique across all active contacts.",
  ]);
  const number = await refusalOf(
    api.createContacts(tenant, { contacts: [{ name: "Bo", contactNumber: "M-7" }] }),
  );
  expect(number.messages).toEqual([
    "Another contact has this contact number. Please enter a different contact number.",
  ]);
  const nameless = await refusalOf(api.createContacts(tenant, { contacts: [{ firstName: "Bo" }] }));
  expect(nameless.messages).toEqual(["Contact Name cannot be empty."]);
  expect((await api.getContacts(tenant)).body.contacts).toHaveLength(1);
});

test("an archived contact hides, takes no edit and no invoice, and gives its name free", async () => {
  const { url, api, tenant } = await openSession();
  const made = await api.createContacts(tenant, { contacts: [{ name: "Ann Lee" }] });
  const { contactID } = only(made.body.contacts);
  const archive = { contacts: [{ contactID, contactStatus: ARCHIVED }] };
  expect(only((await api.updateOrCreateContacts(tenant, archive)).body.contacts).contactStatus).toBe(
    "ARCHIVED",
  );
  expect((await api.getContacts(tenant)).body.contacts).toEqual([]);
  const all = await api.getContacts(tenant, undefined, undefined, undefined, undefined, undefined, true);
  expect(only(all.body.contacts).contactID).toBe(contactID);
  expect(only((await api.getContact(tenant, contactID)).body.contacts).contactStatus).toBe("ARCHIVED");

  const message =
    "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.";
  for (const contactStatus of [ARCHIVED, ACTIVE]) {
    const edit = api.updateContact(tenant, contactID, { contacts: [{ contactID, contactStatus }] });
    expect((await refusalOf(edit)).messages).toEqual([message]);
  }
  const invoice = {
    type: xero.Invoice.TypeEnum.ACCREC,
    contact: { contactID },
    lineItems: [{ description: "x", quantity: 1, unitAmount: 1, accountCode: "200" }],
  };
  expect((await refusalOf(api.createInvoices(tenant, { invoices: [invoice] }))).messages).toEqual([
    "The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.",
  ]);

  // Only a person un-archives, in Xero itself; then the API takes the contact again.
  const changes = { ContactStatus: "ACTIVE" };
  await control(url, "POST", "edit", { resource: "Contacts", id: contactID, changes });
  expect(only((await api.getContacts(tenant)).body.contacts).contactStatus).toBe("ACTIVE");
  expect(only((await api.createInvoices(tenant, { invoices: [invoice] })).body.invoices).status).toBe(
    "DRAFT",
  );

  await api.updateOrCreateContacts(tenant, archive);
  const namesake = await api.createContacts(tenant, { contacts: [{ name: "Ann Lee" }] });
  expect(only(namesake.body.contacts).contactID).not.toBe(contactID);
});
