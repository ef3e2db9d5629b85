/** Why an account may not be used, in words for a person; `undefined` when it may (facts/xero.md sections 4 and 7). */
import type { LedgerAccount, LedgerTaxRate } from "./org.ts";

/** Account types that a document line may not use; Xero answers message 2. */
const LINE_TYPES_REFUSED = new Set(["BANK"]);
const SYSTEM_ACCOUNTS_REFUSED = new Set([
  "DEBTORS",
  "CREDITORS",
  "GST",
  "RETAINEDEARNINGS",
  "TRACKINGTRANSFERS",
  "UNPAIDEXPCLM",
  "WAGEPAYABLES",
]);

/** Of a line of an invoice, a credit note or a bank transaction. */
export function lineAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  if (LINE_TYPES_REFUSED.has(account.type)) return "is a bank account";
  if (account.systemAccount !== null && SYSTEM_ACCOUNTS_REFUSED.has(account.systemAccount))
    return "is a system account";
  return undefined;
}

/** Payments need a bank account or one with payments enabled. */
export function paymentAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  return account.type === "BANK" || account.enablePayments ? undefined : "takes no payments";
}

/** Money received or spent moves on a bank account. */
export function bankAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  return account.type === "BANK" ? undefined : "is not a bank account";
}

/** Where the ledger keeps the value of items in stock. */
export function inventoryAccountFault(account: LedgerAccount | undefined): string | undefined {
  if (account === undefined) return "does not exist";
  if (account.status !== "ACTIVE") return "is archived";
  return account.type === "INVENTORY" ? undefined : "is not an inventory account";
}

type AccountClass = "Assets" | "Equity" | "Expenses" | "Liabilities" | "Revenue";

const CLASS_OF_TYPE: Readonly<Record<string, AccountClass>> = {
  BANK: "Assets",
  CURRENT: "Assets",
  FIXED: "Assets",
  INVENTORY: "Assets",
  NONCURRENT: "Assets",
  PREPAYMENT: "Assets",
  EQUITY: "Equity",
  DEPRECIATN: "Expenses",
  DIRECTCOSTS: "Expenses",
  EXPENSE: "Expenses",
  OVERHEADS: "Expenses",
  SUPERANNUATIONEXPENSE: "Expenses",
  WAGESEXPENSE: "Expenses",
  CURRLIAB: "Liabilities",
  LIABILITY: "Liabilities",
  PAYG: "Liabilities",
  PAYGLIABILITY: "Liabilities",
  SUPERANNUATIONLIABILITY: "Liabilities",
  TERMLIAB: "Liabilities",
  WAGESPAYABLELIABILITY: "Liabilities",
  OTHERINCOME: "Revenue",
  REVENUE: "Revenue",
  SALES: "Revenue",
};

/** A tax rate says itself which classes of account it suits (CanApplyTo...); Xero answers message 7 for the others. */
export function taxRateFault(rate: LedgerTaxRate, account: LedgerAccount): string | undefined {
  const accountClass = CLASS_OF_TYPE[account.type];
  if (accountClass === undefined) return undefined;
  if (accountClass === "Revenue") return rate.appliesToRevenue ? undefined : "is not for sales";
  return rate.appliesTo[accountClass] ? undefined : `is not for ${accountClass.toLowerCase()}`;
}
