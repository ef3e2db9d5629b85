import { ACCOUNT_TYPES, classOf, defaultTaxType } from "../books/chart.ts";
import type { Account } from "../books/rows.ts";
import { wireMs } from "../wire/dates.ts";
import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import type { JsonRecord } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { say } from "../wire/messages.ts";
import { echoShape, flag, guid, oneOf, type Read, readShape, text, ZERO_GUID } from "../wire/shape.ts";
import { boolField, dateField, guidField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Call, foundOr404, onlyElementOf, organisationOf, param, reading } from "./call.ts";

const accountShape = {
  AccountID: guid,
  Code: text,
  Name: text,
  Type: oneOf("AccountType", ACCOUNT_TYPES),
  Status: oneOf("AccountStatusCode", ["ACTIVE", "ARCHIVED", "DELETED"]),
  Description: text,
  TaxType: text,
  EnablePaymentsToAccount: flag,
  ShowInExpenseClaims: flag,
  BankAccountNumber: text,
  BankAccountType: oneOf("BankAccountType", ["BANK", "CREDITCARD", "PAYPAL", "NONE"]),
  CurrencyCode: text,
};
type AccountDraft = Read<typeof accountShape>;

export function listAccounts(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("accounts").filter(({ status }) => status !== "DELETED"),
    query: call.query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: ACCOUNT_FIELDS,
    typeName: "Account",
    updatedMs: (account) => account.updatedMs,
    canPage: false,
    defaultOrder: (left, right) => (left.name < right.name ? -1 : 1),
  });
  return okReply(call.nowMs, "Accounts", listed.rows.map(renderAccount));
}

export const getAccount = (call: Call): Reply => okReply(call.nowMs, "Accounts", [renderAccount(byId(call))]);

const byId = (call: Call): Account => foundOr404(call.books.get("accounts", param(call, "id").toLowerCase()));

export const createAccount = (call: Call): Reply => save(call, undefined);
export const updateAccount = (call: Call): Reply => save(call, byId(call));

/** An account with transactions can be archived but not deleted (facts/xero.md section 4, Accounts). */
export function deleteAccount(call: Call): Reply {
  const account = byId(call);
  const error =
    account.systemAccount !== undefined
      ? say.systemAccount
      : isUsed(call, account)
        ? say.accountInUse
        : undefined;
  if (error !== undefined) return refused(renderAccount(account), [error]);
  const deleted: Account = { ...account, status: "DELETED", updatedMs: call.nowMs };
  call.books.put("accounts", deleted);
  return okReply(call.nowMs, "Accounts", [renderAccount(deleted)]);
}

function isUsed(call: Call, { id }: Account): boolean {
  return (
    call.books
      .all("documents")
      .some((row) => row.bankAccountId === id || row.lines.some((line) => line.accountId === id)) ||
    call.books.all("payments").some((payment) => payment.accountId === id) ||
    call.books.all("manualJournals").some((journal) => journal.lines.some((line) => line.accountId === id))
  );
}

const refused = (element: JsonRecord, errors: readonly string[]): Reply =>
  validationReply([{ ...element, ValidationErrors: errorsOf(errors) }]);

function save(call: Call, existing: Account | undefined): Reply {
  const { value, path } = onlyElementOf(call, "Accounts", "Account");
  const draft = reading(() => readShape(accountShape, value, path));
  const account = accountOf(call, draft, existing);
  const errors = call.forcedError === undefined ? checkAccount(call, draft, existing) : [call.forcedError];
  if (errors.length > 0) {
    return refused({ ...echoShape(accountShape, draft), AccountID: existing?.id ?? ZERO_GUID }, errors);
  }
  call.books.put("accounts", account);
  return okReply(call.nowMs, "Accounts", [renderAccount(account)]);
}

const LENGTHS = { Code: 10, Name: 150, Description: 4000 } as const;

function checkAccount(call: Call, draft: AccountDraft, existing: Account | undefined): string[] {
  const errors: string[] = [];
  if (
    existing?.systemAccount !== undefined &&
    draft.Status !== undefined &&
    draft.Status !== existing.status
  ) {
    errors.push(say.systemAccount);
  }
  if (existing === undefined && !draft.Name) errors.push(say.nameMissing);
  if (existing === undefined && draft.Type === undefined) errors.push("Please select an account Type.");
  // Bank accounts may have no code (facts/xero.md section 4, Accounts).
  if (existing === undefined && draft.Type !== "BANK" && !draft.Code) errors.push(say.accountCodeMissing);
  for (const [field, max] of Object.entries(LENGTHS)) {
    const value = draft[field as keyof typeof LENGTHS];
    if (value !== undefined && value.length > max) errors.push(say.tooLong(field, max));
  }
  const others = call.books
    .all("accounts")
    .filter(({ id, status }) => id !== existing?.id && status !== "DELETED");
  const name = draft.Name?.toLowerCase();
  if (name !== undefined && others.some((other) => other.name.toLowerCase() === name))
    errors.push(say.accountNameTaken);
  const code = draft.Code?.toLowerCase();
  if (code && others.some((other) => other.code.toLowerCase() === code)) errors.push(say.accountCodeTaken);
  const taxType = draft.TaxType;
  if (taxType && call.books.get("taxRates", taxType) === undefined) errors.push(say.taxTypeUnknown(taxType));
  return errors;
}

function accountOf(call: Call, draft: AccountDraft, existing: Account | undefined): Account {
  const type = draft.Type ?? existing?.type ?? "EXPENSE";
  const description = draft.Description ?? existing?.description;
  const org = organisationOf(call.books);
  const fallbackTax = defaultTaxType(classOf(type), type, org.country, call.books.all("taxRates"));
  return {
    id: existing?.id ?? call.newId(),
    code: draft.Code ?? existing?.code ?? "",
    name: draft.Name ?? existing?.name ?? "",
    type,
    status: draft.Status ?? existing?.status ?? "ACTIVE",
    taxType: draft.TaxType || (existing?.taxType ?? fallbackTax),
    enablePayments: draft.EnablePaymentsToAccount ?? existing?.enablePayments ?? false,
    showInExpenseClaims: draft.ShowInExpenseClaims ?? existing?.showInExpenseClaims ?? false,
    updatedMs: call.nowMs,
    ...(description === undefined ? {} : { description }),
    ...(existing?.systemAccount === undefined ? {} : { systemAccount: existing.systemAccount }),
    ...(type === "BANK"
      ? {
          bankAccountNumber: draft.BankAccountNumber ?? existing?.bankAccountNumber ?? "",
          bankAccountType: draft.BankAccountType ?? existing?.bankAccountType ?? "BANK",
          currencyCode: draft.CurrencyCode ?? existing?.currencyCode ?? org.baseCurrency,
        }
      : {}),
  };
}

export const renderAccount = (account: Account): JsonRecord => ({
  AccountID: account.id,
  ...(account.code === "" ? {} : { Code: account.code }),
  Name: account.name,
  Status: account.status,
  Type: account.type,
  TaxType: account.taxType,
  ...(account.description === undefined ? {} : { Description: account.description }),
  Class: classOf(account.type),
  ...(account.systemAccount === undefined ? {} : { SystemAccount: account.systemAccount }),
  EnablePaymentsToAccount: account.enablePayments,
  ShowInExpenseClaims: account.showInExpenseClaims,
  ...(account.type === "BANK"
    ? {
        BankAccountNumber: account.bankAccountNumber ?? "",
        BankAccountType: account.bankAccountType ?? "BANK",
        CurrencyCode: account.currencyCode ?? "",
      }
    : {}),
  ReportingCode: classOf(account.type).slice(0, 3),
  ReportingCodeName: classOf(account.type).charAt(0) + classOf(account.type).slice(1).toLowerCase(),
  HasAttachments: false,
  UpdatedDateUTC: wireMs(account.updatedMs),
  AddToWatchlist: false,
});

const ACCOUNT_FIELDS: QueryFields<Account> = {
  AccountID: guidField((row) => row.id),
  Code: stringField((row) => row.code || undefined, true),
  Name: stringField((row) => row.name),
  Type: stringField((row) => row.type),
  Class: stringField((row) => classOf(row.type)),
  Status: stringField((row) => row.status),
  TaxType: stringField((row) => row.taxType),
  SystemAccount: stringField((row) => row.systemAccount, true),
  EnablePaymentsToAccount: boolField((row) => row.enablePayments),
  CurrencyCode: stringField((row) => row.currencyCode, true),
  UpdatedDateUTC: dateField((row) => row.updatedMs),
};
