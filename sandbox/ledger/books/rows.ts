import type { AccountType } from "./chart.ts";

/** What the demo ledger stores. Rows are never changed in place: a change puts a new row (see books.ts). */

type Stamped = { readonly id: string; readonly updatedMs: number };

export type AccountClass = "ASSET" | "EQUITY" | "EXPENSE" | "LIABILITY" | "REVENUE";

export type Account = Stamped & {
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly status: "ACTIVE" | "ARCHIVED" | "DELETED";
  readonly taxType: string;
  readonly description?: string;
  readonly enablePayments: boolean;
  readonly showInExpenseClaims: boolean;
  readonly systemAccount?: string;
  readonly bankAccountNumber?: string;
  readonly bankAccountType?: string;
  readonly currencyCode?: string;
};

/** Rates are 1e-4 of a percent: 20 % is 200000n. */
export type TaxComponent = {
  readonly name: string;
  readonly rate: bigint;
  readonly isCompound: boolean;
  readonly isNonRecoverable: boolean;
};
export type TaxRate = Stamped & {
  readonly taxType: string;
  readonly name: string;
  readonly reportTaxType?: string;
  readonly status: "ACTIVE" | "DELETED" | "ARCHIVED" | "PENDING";
  readonly displayRate: bigint;
  readonly effectiveRate: bigint;
  readonly components: readonly TaxComponent[];
  readonly appliesTo: Readonly<Record<AccountClass, boolean>>;
  readonly isSystem: boolean;
};

export type TrackingOption = {
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "ARCHIVED" | "DELETED";
};
export type TrackingCategory = Stamped & {
  readonly name: string;
  readonly status: "ACTIVE" | "ARCHIVED" | "DELETED";
  readonly options: readonly TrackingOption[];
};

export type Currency = Stamped & { readonly description: string };

export type Address = Readonly<Record<string, string>>;
export type Phone = Readonly<Record<string, string>>;
export type ContactPerson = {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly emailAddress?: string;
  readonly includeInEmails: boolean;
};
export type ContactText = {
  readonly contactNumber?: string;
  readonly accountNumber?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly companyNumber?: string;
  readonly emailAddress?: string;
  readonly bankAccountDetails?: string;
  readonly taxNumber?: string;
  readonly accountsReceivableTaxType?: string;
  readonly accountsPayableTaxType?: string;
  readonly defaultCurrency?: string;
  readonly salesDefaultAccountCode?: string;
  readonly purchasesDefaultAccountCode?: string;
};
export type Contact = Stamped &
  ContactText & {
    readonly name: string;
    readonly status: "ACTIVE" | "ARCHIVED" | "GDPRREQUEST";
    readonly mergedToContactId?: string;
    readonly addresses: readonly Address[];
    readonly phones: readonly Phone[];
    readonly persons: readonly ContactPerson[];
    readonly isCustomer: boolean;
    readonly isSupplier: boolean;
  };

export type LineTracking = { readonly categoryId: string; readonly optionId: string };
export type Line = {
  readonly id: string;
  readonly description?: string;
  /** 1e-4 units; absent on a line that is only a description. */
  readonly quantity?: bigint;
  readonly unitAmount?: bigint;
  readonly lineAmount: bigint;
  readonly taxAmount: bigint;
  readonly itemCode?: string;
  readonly accountId?: string;
  readonly taxType?: string;
  readonly tracking: readonly LineTracking[];
  /** Hundredths of a percent: Xero keeps two decimals (facts/accounting.md section 1.1, 7). */
  readonly discountRate?: bigint;
  readonly discountAmount?: bigint;
};

export type LineAmountTypes = "Exclusive" | "Inclusive" | "NoTax";
export type DocumentKind = "invoice" | "creditNote" | "bankTransaction";
export type DocumentStatus = "DRAFT" | "SUBMITTED" | "AUTHORISED" | "PAID" | "VOIDED" | "DELETED";
export type DocumentType =
  | "ACCREC"
  | "ACCPAY"
  | "ACCRECCREDIT"
  | "ACCPAYCREDIT"
  | "RECEIVE"
  | "SPEND"
  | "RECEIVE-OVERPAYMENT"
  | "SPEND-OVERPAYMENT"
  | "RECEIVE-PREPAYMENT"
  | "SPEND-PREPAYMENT";

export type TradeDocument = Stamped & {
  readonly kind: DocumentKind;
  readonly type: DocumentType;
  readonly number: string;
  readonly reference: string;
  readonly contactId: string;
  readonly date: string;
  readonly dueDate?: string;
  readonly status: DocumentStatus;
  readonly lineAmountTypes: LineAmountTypes;
  readonly lines: readonly Line[];
  readonly currency: string;
  /** 1e-6 units of document currency for one unit of base currency. */
  readonly rate: bigint;
  readonly subTotal: bigint;
  readonly totalTax: bigint;
  readonly total: bigint;
  readonly url?: string;
  readonly brandingThemeId?: string;
  readonly sentToContact: boolean;
  readonly expectedPaymentDate?: string;
  readonly plannedPaymentDate?: string;
  readonly fullyPaidOn?: string;
  readonly bankAccountId?: string;
  readonly isReconciled: boolean;
  readonly createdBy: string;
};

export type PaymentType =
  | "ACCRECPAYMENT"
  | "ACCPAYPAYMENT"
  | "ARCREDITPAYMENT"
  | "APCREDITPAYMENT"
  | "AROVERPAYMENTPAYMENT"
  | "ARPREPAYMENTPAYMENT"
  | "APPREPAYMENTPAYMENT"
  | "APOVERPAYMENTPAYMENT";
export type Payment = Stamped & {
  readonly documentId: string;
  readonly accountId: string;
  readonly type: PaymentType;
  readonly date: string;
  readonly amount: bigint;
  readonly bankAmount: bigint;
  readonly rate: bigint;
  readonly reference: string;
  readonly status: "AUTHORISED" | "DELETED";
  readonly isReconciled: boolean;
  readonly batchPaymentId?: string;
};

export type Allocation = Stamped & {
  readonly sourceId: string;
  readonly invoiceId: string;
  readonly amount: bigint;
  readonly date: string;
};

export type BatchPayment = Stamped & {
  readonly accountId: string;
  readonly type: "RECBATCH" | "PAYBATCH";
  readonly date: string;
  readonly reference?: string;
  readonly particulars?: string;
  readonly code?: string;
  readonly details?: string;
  readonly narrative?: string;
  readonly status: "AUTHORISED" | "DELETED";
  readonly total: bigint;
};

export type ItemSide = {
  readonly unitPrice?: bigint;
  readonly accountCode?: string;
  readonly cogsAccountCode?: string;
  readonly taxType?: string;
};
export type Item = Stamped & {
  readonly code: string;
  readonly name: string;
  readonly description?: string;
  readonly purchaseDescription?: string;
  readonly isSold: boolean;
  readonly isPurchased: boolean;
  readonly sales: ItemSide;
  readonly purchase: ItemSide;
  readonly inventoryAssetAccountCode?: string;
  /** Tracked items only: 1e-4 units and cents. */
  readonly quantityOnHand: bigint;
  readonly costPool: bigint;
};

/** What an approved document did to a tracked item, so that voiding it can be taken back exactly. */
export type StockMove = {
  readonly id: string;
  readonly documentId: string;
  readonly itemCode: string;
  readonly quantity: bigint;
  readonly cost: bigint;
  /** Cost of goods sold moves between these two accounts; a purchase moves nothing. */
  readonly costOfSale: boolean;
};

export type JournalLine = {
  readonly lineAmount: bigint;
  readonly taxAmount: bigint;
  readonly accountId?: string;
  readonly taxType?: string;
  readonly description?: string;
  readonly tracking: readonly LineTracking[];
};
export type ManualJournal = Stamped & {
  readonly narration: string;
  readonly date: string;
  readonly status: "DRAFT" | "POSTED" | "DELETED" | "VOIDED" | "ARCHIVED";
  readonly lineAmountTypes: LineAmountTypes;
  readonly lines: readonly JournalLine[];
  readonly url?: string;
  readonly showOnCashBasisReports: boolean;
};

export type HistoryRecord = {
  readonly id: string;
  readonly parentId: string;
  readonly changes: string;
  readonly details: string;
  readonly user: string;
  readonly atMs: number;
};

export type Attachment = {
  readonly id: string;
  readonly parentId: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly base64: string;
  readonly includeOnline: boolean;
  readonly atMs: number;
};

export type Organisation = Stamped & {
  readonly name: string;
  readonly country: string;
  readonly baseCurrency: string;
  readonly timezone: string;
  readonly periodLockDate?: string;
  readonly endOfYearLockDate?: string;
};

export type Token = {
  readonly id: string;
  readonly kind: "access" | "refresh" | "code";
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly eventId: string;
  readonly expiresMs: number;
  /** A refresh token that was used lives on for the grace period (facts/xero.md section 1). */
  readonly usedMs?: number;
  readonly redirectUri?: string;
  readonly challenge?: string;
};
export type Connection = {
  readonly id: string;
  readonly eventId: string;
  readonly createdMs: number;
  readonly updatedMs: number;
};

export type RememberedAnswer = {
  readonly id: string;
  readonly fingerprint: string;
  readonly firstUseMs: number;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
};

export type Counter = { readonly id: string; readonly value: number };

/** The app's webhook subscription; it is active once it has passed the intent to receive. */
export type Webhook = {
  readonly id: "webhook";
  readonly url: string;
  readonly key: string;
  readonly isActive: boolean;
};

export type WebhookEvent = {
  readonly id: string;
  readonly sequence: number;
  readonly category: string;
  readonly type: "CREATE" | "UPDATE";
  readonly resourceId: string;
  readonly resourcePath: string;
  readonly atMs: number;
  readonly extra?: Readonly<Record<string, string>>;
};
