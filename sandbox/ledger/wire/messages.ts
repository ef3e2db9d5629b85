/** The texts of facts/xero.md section 7, by their numbers there; those marked "own" have no source (README). */
export const say = {
  validationOccurred: "A validation exception occurred", // 1
  accountNotValid: (code: string) => `Account code '${code}' is not a valid code for this document.`, // 2
  accountArchived: (code: string) =>
    `Account code '${code}' has been archived, or has been deleted. Each line item must reference a valid account.`, // 3
  endOfYearLocked: (day: string) =>
    `The document date cannot be before the end of year lock date, currently set at ${day}`, // 4
  periodLocked: (day: string) =>
    `The document date cannot be before the period lock date, currently set at ${day}`, // 5
  taxTypeUnknown: (type: string) =>
    `The TaxType code ${type} does not exist or cannot be used for this type of transaction.`, // 6
  taxTypeWithAccount: (type: string, code: string) =>
    `The TaxType code '${type}' cannot be used with account code '${code}'.`, // 7
  taxTypeMandatory: "The TaxType field is mandatory", // 8
  accountMandatory: "Account code must be specified", // 9
  accountMustBeValid: "Account must be valid.", // 10
  taxRateMustBeValid: "Tax rate must be valid.", // 10
  invoiceNumberUnique: "Invoice # must be unique.", // 11
  creditNoteNumberUnique: "Credit Note # must be unique.", // own, after 11
  contactNameTaken: (name: string) =>
    `The contact name ${name} is already assigned to another contact. The contact name must be unique across all active contacts.`, // 12
  contactNumberTaken: "Another contact has this contact number. Please enter a different contact number.", // 13
  contactArchived:
    "The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.", // 14
  archivedContactEdit:
    "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.", // 15
  contactNameEmpty: "Contact Name cannot be empty.", // 16
  contactEmpty: "Contact cannot be empty.", // 17
  paidToEmpty: "Paid to name cannot be empty.", // 17, of money spent
  contactMissing: "A Contact must be specified for this type of transaction", // 18
  contactUnidentified:
    "The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber", // 19
  emailInvalid: "Email address must be valid.", // 20
  linesMissing: "One or more line items must be specified", // 21
  descriptionMandatory: "The description field is mandatory for each line item.", // 22
  invoiceTypeMissing: "Invoice Type must be specified", // 23
  creditNoteTypeMissing: "Credit Note Type must be specified", // own, after 23
  notValidForCreation: (noun: string) => `${noun} not of valid status for creation`, // 24
  notValidForModification: (noun: string) => `${noun} not of valid status for modification`, // 25, 41
  paidDocument: "This document cannot be edited as it has a payment or credit note allocated to it.", // 26
  paidDocumentDate: "Date cannot be changed on an invoice that has payment or credit notes allocated to it.", // 27
  paidDocumentStatus: (status: string) =>
    `The status ${status} cannot be applied to the invoice because it has payment or Credit notes allocated to it.`, // 28
  totalMismatch: "The document total does not equal the sum of the lines.", // 30
  discountOnBill: "Discounts may not be applied to ACCPAY invoices.", // 32
  discountOnCreditNote: "Discounts may not be applied to credit notes.", // own, after 32
  taxAmountWrong: (sent: string, type: string, expected: string) =>
    `Tax amount ${sent} is incorrect for ${type} tax type, should be ${expected}`, // 34
  paymentTooLarge: "Payment amount exceeds the amount outstanding on this document", // 35
  paymentNotAuthorised: "Payments can only be made against Authorised documents", // 36
  paymentNotPositive: "Payment amounts must be positive amounts", // 37
  paymentAccountMissing: "You must specify an Account code or Account ID for the payment.", // 38
  paymentAccountType: "Account type is invalid for making a payment to/from", // 39
  accountNotFound: "Account could not be found", // 40
  paymentInBatch: "Payments within a batch cannot be deleted.", // 41
  allocationPaidOff: "The invoice you are trying to allocate to has already been paid off", // 42
  allocationTooLarge: (noun: string) =>
    `${noun} cannot be allocated as amount is greater than amount outstanding`, // 43
  allocationWrongType: (noun: string) => `${noun} cannot be allocated to an incorrect invoice type`, // 44, cut in its source
  creditNoteUnknown: "An existing Credit Note with the specified CreditNoteID could not be found", // 45
  currencyNotSubscribed: (code: string) => `Organisation is not subscribed to currency ${code}`, // 46
  itemCodeTaken: (code: string) => `Price List Item with Code '${code}' already exists`, // 47
  accountNameTaken: "Please enter a unique Name.", // 48
  urlInvalid: "Url must be a valid absolute url", // 49
  approvalLimit: "You have reached the limit of invoices you can approve", // 50
  journalUnbalanced: (debits: string, credits: string) =>
    `The total debits (${debits}) must equal total credits (${credits})`, // 51
  accountRemoved: (code: string) =>
    `Account code '${code}' has been removed as it does not match a recognised account.`, // 52
  documentUnknown: "The document with the supplied id was not found for this endpoint.", // 53
  keyReused: (key: string) => `Idempotency Key: ${key} is used with a different request.`, // 56

  // Without a source: the rule is in the facts, the wording is ours.
  tooLong: (field: string, max: number) => `The ${field} field is too long. The maximum length is ${max}.`,
  accountCodeTaken: "Please enter a unique Code.",
  accountCodeMissing: "Please enter a Code.",
  nameMissing: "Please enter a Name.",
  dueDateEmpty: "DueDate cannot be empty", // [M] in the facts
  negativeTotal: "The total for this document must not be less than zero.",
  contactUnknown: "The Contact with the specified ContactID could not be found.",
  itemUnknown: (code: string) => `Item code '${code}' is not valid`,
  trackingUnknown: (name: string) => `The Tracking Category or Option '${name}' could not be found.`,
  trackingTooMany: "A maximum of 2 Tracking Categories may be set on a line item.",
  lineUnknown: "The LineItemID does not belong to this document.",
  contactNameCharacters:
    "Contact Name must not contain angle brackets or leading, trailing or repeated spaces.",
  contactPersonsTooMany: "A contact can have at most 5 contact persons.",
  dateEmpty: "Payment Date must be specified",
  amountEmpty: "Payment Amount must be specified",
  documentMissing: "Payment must be against an Invoice, CreditNote, Prepayment or Overpayment",
  documentsTooMany: "Payment must be against one of Invoice, CreditNote, Prepayment or Overpayment only",
  batchOfInvoices: "Only invoices and bills can be paid by a batch payment.",
  bankCurrency: (currency: string) =>
    `The currency of this type of transaction is that of its bank account, ${currency}`,
  bankAccountMissing: "The bank account must be specified and be an account of type BANK",
  currencyRateInvalid: "CurrencyRate must be greater than zero with at most 6 decimals.",
  stockInsufficient: (code: string) =>
    `The quantity on hand of tracked item '${code}' cannot become less than zero.`,
  accountInUse: "The account has transactions and can only be archived.",
  systemAccount: "System accounts cannot be changed.",
  systemRate: "System tax rates cannot be changed.",
  trackingLimit: "Only 2 active tracking categories and 4 in total are possible.",
  allocationAmount: "Allocation amounts must be positive amounts",
  allocationContact: (noun: string) => `${noun} and invoice must belong to the same contact`,
  allocationCurrency: (noun: string) => `${noun} and invoice must be in the same currency`,
  allocationStatus: (noun: string) => `${noun} not of valid status for allocation`,
} as const;
