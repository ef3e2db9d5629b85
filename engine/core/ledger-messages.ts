/**
 * The 57 messages of facts/xero.md section 7, each with who deals with it. `acceptance`: refused by us before any call
 * (acceptance.ts). `fix`: only the ledger can know; an assistant proposes a repair. `bug`: our builder must never cause it, an
 * alarm. `cannot`: no document that we post can meet it.
 */
export type MessageOwner = "acceptance" | "fix" | "bug" | "cannot";

/** How a refusal is repaired: by the mapping, by looking the document up, by planning anew, by the lock policy, or by us. */
export type RefusalKind = "mapping" | "duplicate" | "state" | "lock" | "maths" | "shape" | "other";

export type LedgerMessage = {
  readonly id: number;
  /** Matched without case and whatever stands around it, since Xero adds dots and varies its wording. */
  readonly pattern: RegExp;
  readonly owner: MessageOwner;
  readonly kind: RefusalKind;
  /** What is done about it, or why it cannot come. */
  readonly answer: string;
};

const at = (
  id: number,
  pattern: RegExp,
  owner: MessageOwner,
  kind: RefusalKind,
  answer: string,
): LedgerMessage => ({
  id,
  pattern,
  owner,
  kind,
  answer,
});

export const LEDGER_MESSAGES: readonly LedgerMessage[] = [
  at(
    1,
    /a validation exception occurred/i,
    "cannot",
    "other",
    "the envelope of the others: the elements say what is wrong",
  ),
  at(
    2,
    /is not a valid code for this document/i,
    "acceptance",
    "mapping",
    "the account exists and a line may use it",
  ),
  at(3, /has been archived, or has been deleted/i, "acceptance", "mapping", "the account is active"),
  at(
    4,
    /cannot be before the end of year lock date/i,
    "acceptance",
    "lock",
    "the date is after both lock dates",
  ),
  at(5, /cannot be before the period lock date/i, "acceptance", "lock", "the date is after both lock dates"),
  at(
    6,
    /taxtype code .* does not exist or cannot be used/i,
    "acceptance",
    "mapping",
    "the tax type exists and is active",
  ),
  at(
    7,
    /taxtype code .* cannot be used with account code/i,
    "acceptance",
    "mapping",
    "the rate suits the account's class",
  ),
  at(8, /the taxtype field is mandatory/i, "acceptance", "mapping", "every line names a tax type"),
  at(9, /account code must be specified/i, "acceptance", "mapping", "every line names an account"),
  at(
    10,
    /account must be valid|tax rate must be valid/i,
    "acceptance",
    "mapping",
    "account and tax type are looked up; amounts are whole cents",
  ),
  at(
    11,
    /invoice # must be unique|credit note.* must be unique/i,
    "fix",
    "duplicate",
    "looked up by number: adopted when equal, held as numberTaken when not",
  ),
  at(
    12,
    /is already assigned to another contact/i,
    "fix",
    "duplicate",
    "looked up; held with the name template and the contact as candidates",
  ),
  at(
    13,
    /another contact has this contact number/i,
    "fix",
    "duplicate",
    "looked up by ContactNumber: adopted when it is ours",
  ),
  at(
    14,
    /contact details has been archived/i,
    "fix",
    "state",
    "the contact is to be restored in Xero, or another one chosen",
  ),
  at(
    15,
    /matched an archived contact/i,
    "fix",
    "state",
    "the contact is to be restored in Xero, or another one chosen",
  ),
  at(16, /contact name cannot be empty/i, "acceptance", "other", "a contact has a name"),
  at(
    17,
    /contact cannot be empty|paid to name cannot be empty/i,
    "acceptance",
    "other",
    "a document names its contact",
  ),
  at(18, /a contact must be specified/i, "acceptance", "other", "a document names its contact"),
  at(
    19,
    /contact must contain at least 1 of the following/i,
    "acceptance",
    "other",
    "a document names its contact",
  ),
  at(
    20,
    /email address must be valid/i,
    "acceptance",
    "other",
    "an address that Xero would refuse is left out",
  ),
  at(21, /one or more line items must be specified/i, "acceptance", "other", "a document has lines"),
  at(22, /description field is mandatory/i, "acceptance", "other", "a line has a description"),
  at(23, /invoice type must be specified/i, "acceptance", "other", "a document has a type"),
  at(
    24,
    /not of valid status for creation/i,
    "acceptance",
    "state",
    "a document begins as draft or authorised",
  ),
  at(25, /not of valid status for modification/i, "bug", "state", "a posted document is never modified"),
  at(
    26,
    /cannot be edited as it has a payment or credit note/i,
    "bug",
    "state",
    "a posted document is never modified",
  ),
  at(27, /date cannot be changed on an invoice/i, "bug", "state", "a posted document is never modified"),
  at(
    28,
    /status .* cannot be applied to the invoice/i,
    "bug",
    "state",
    "a posted document is never modified",
  ),
  at(
    29,
    /does not match the expected line total/i,
    "acceptance",
    "maths",
    "amount is quantity times unit amount",
  ),
  at(30, /total does not equal the sum of the lines/i, "acceptance", "maths", "totals are never stated"),
  at(31, /discount rate .* is invalid/i, "acceptance", "maths", "discount fields are never sent"),
  at(32, /discounts may not be applied to accpay/i, "acceptance", "maths", "discount fields are never sent"),
  at(33, /quantity value .* is invalid/i, "acceptance", "maths", "a quantity is never negative"),
  at(
    34,
    /tax amount .* is incorrect for .* tax type/i,
    "acceptance",
    "maths",
    "bank transactions state no tax",
  ),
  at(
    35,
    /payment amount exceeds the amount outstanding/i,
    "fix",
    "state",
    "somebody paid in the ledger: the existing payment is looked up and linked, or it is held",
  ),
  at(
    36,
    /payments can only be made against authorised documents/i,
    "fix",
    "state",
    "the invoice was voided or is a draft: read again and planned anew",
  ),
  at(37, /payment amounts must be positive/i, "acceptance", "other", "a payment is of more than nothing"),
  at(
    38,
    /you must specify an account code or account id for the payment/i,
    "acceptance",
    "mapping",
    "a payment names its account",
  ),
  at(
    39,
    /account type is invalid for making a payment/i,
    "acceptance",
    "mapping",
    "the account takes payments",
  ),
  at(40, /account could not be found/i, "acceptance", "mapping", "the account exists"),
  at(
    41,
    /payment not of valid status for modification|payments within a batch cannot be deleted/i,
    "bug",
    "state",
    "payments are never modified",
  ),
  at(
    42,
    /invoice you are trying to allocate to has already been paid/i,
    "fix",
    "state",
    "the rest of the credit note is refunded or left open: a person chooses",
  ),
  at(
    43,
    /cannot be allocated as amount is greater/i,
    "fix",
    "state",
    "the invoice is due less than we knew: read again and planned anew",
  ),
  at(
    44,
    /cannot be allocated to an incorrect invoice/i,
    "bug",
    "state",
    "a credit note is allocated to the invoice that it corrects",
  ),
  at(
    45,
    /existing credit note with the specified creditnoteid could not be found/i,
    "fix",
    "state",
    "the credit note was deleted in the ledger: reissued by approval",
  ),
  at(
    46,
    /organisation is not subscribed to currency/i,
    "acceptance",
    "mapping",
    "the currency is one of the organisation's",
  ),
  at(
    47,
    /price list item with code .* already exists/i,
    "fix",
    "duplicate",
    "an item is its code: it is adopted",
  ),
  at(48, /please enter a unique name/i, "cannot", "other", "no account is made by delivery"),
  at(49, /url must be a valid absolute url/i, "acceptance", "other", "an address is absolute"),
  at(
    50,
    /reached the limit of invoices you can approve/i,
    "fix",
    "mapping",
    "the plan's cap: drafts, a daily summary or a larger plan: a person chooses",
  ),
  at(51, /total debits .* must equal total credits/i, "cannot", "other", "no manual journal is posted"),
  at(
    52,
    /has been removed as it does not match a recognised account/i,
    "acceptance",
    "mapping",
    "the account exists, for drafts too",
  ),
  at(
    53,
    /document with the supplied id was not found/i,
    "fix",
    "state",
    "it was deleted in the ledger: reissued by approval",
  ),
  at(
    54,
    /json for post data was invalid/i,
    "bug",
    "shape",
    "bodies go through the client's own model leaf for leaf",
  ),
  at(55, /error converting value/i, "bug", "shape", "enumerated values are from closed lists"),
  at(56, /is used with a different request/i, "bug", "shape", "a key belongs to one frozen batch"),
  at(
    57,
    /maximum allowed characters for sellingunitofmeasure/i,
    "cannot",
    "other",
    "the field is for partner apps and is never sent",
  ),
];

/** The entry that these words of the ledger belong to; the envelope only when nothing else fits. */
export const ledgerMessageOf = (words: string): LedgerMessage | undefined =>
  LEDGER_MESSAGES.find(({ id, pattern }) => id !== 1 && pattern.test(words)) ??
  LEDGER_MESSAGES.find(({ pattern }) => pattern.test(words));
