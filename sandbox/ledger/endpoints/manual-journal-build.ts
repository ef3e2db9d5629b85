import { taxOf } from "../books/arithmetic.ts";
import { classOf, taxFreeType } from "../books/chart.ts";
import type { Account, JournalLine, LineAmountTypes, ManualJournal } from "../books/rows.ts";
import { CENTS, formatUnits, roundTo } from "../wire/decimal.ts";
import { say } from "../wire/messages.ts";
import { day, decimal, flag, guid, list, oneOf, type Read, text } from "../wire/shape.ts";
import { type Call, todayOf } from "./call.ts";
import { resolveTracking } from "./document-lines.ts";
import { DOCUMENT_LENGTHS, LineAmountTypesField, trackingShape } from "./document-shape.ts";
import { checkLock, lockMessage } from "./locks.ts";
import type { Problems } from "./problems.ts";

const lineShape = {
  LineAmount: decimal,
  AccountCode: text,
  AccountID: guid,
  Description: text,
  TaxType: text,
  Tracking: list(trackingShape),
};
export const journalShape = {
  ManualJournalID: guid,
  Narration: text,
  Date: day,
  Status: oneOf("ManualJournalStatus", ["DRAFT", "POSTED", "DELETED", "VOIDED", "ARCHIVED"]),
  LineAmountTypes: LineAmountTypesField,
  Url: text,
  ShowOnCashBasisReports: flag,
  JournalLines: list(lineShape),
};
export type JournalDraft = Read<typeof journalShape>;
type LineDraft = Read<typeof lineShape>;

const MOVES: Readonly<Record<ManualJournal["status"], readonly ManualJournal["status"][]>> = {
  DRAFT: ["DRAFT", "POSTED", "DELETED"],
  POSTED: ["POSTED", "VOIDED"],
  DELETED: [],
  VOIDED: [],
  ARCHIVED: [],
};
const LINES_MIN = 2;

export function buildJournal(
  call: Call,
  draft: JournalDraft,
  existing: ManualJournal | undefined,
  problems: Problems,
): ManualJournal | undefined {
  const status = draft.Status ?? existing?.status ?? "DRAFT";
  const refusal = existing === undefined ? creationRefusal(status) : moveRefusal(call, existing, status);
  if (refusal !== undefined) {
    problems.add(refusal);
    return undefined;
  }
  if (existing !== undefined && (status === "DELETED" || status === "VOIDED")) {
    return { ...existing, status, updatedMs: call.nowMs };
  }
  const date = draft.Date ?? existing?.date ?? todayOf(call);
  checkLock(call, date, problems);
  const narration = draft.Narration ?? existing?.narration ?? "";
  if (narration === "") problems.add("Narration must be specified");
  if (narration.length > DOCUMENT_LENGTHS.description) problems.add(say.tooLong("Narration", 4000));
  // NoTax is the default here, unlike on invoices (facts/xero.md section 5, rule 1).
  const lineAmountTypes = draft.LineAmountTypes ?? existing?.lineAmountTypes ?? "NoTax";
  const lines =
    draft.JournalLines === undefined || draft.JournalLines.length === 0
      ? (existing?.lines ?? [])
      : draft.JournalLines.map((line, index) =>
          lineOf({ call, status, lineAmountTypes, index, problems }, line),
        );
  if (lines.length < LINES_MIN) problems.add("At least two journal lines must be specified");
  checkBalance(lines, lineAmountTypes, problems);
  const url = draft.Url ?? existing?.url;
  return {
    id: existing?.id ?? call.newId(),
    narration,
    date,
    status,
    lineAmountTypes,
    lines,
    showOnCashBasisReports: draft.ShowOnCashBasisReports ?? existing?.showOnCashBasisReports ?? true,
    updatedMs: call.nowMs,
    ...(url === undefined ? {} : { url }),
  };
}

const creationRefusal = (status: ManualJournal["status"]): string | undefined =>
  status === "DRAFT" || status === "POSTED" ? undefined : say.notValidForCreation("Manual Journal");

function moveRefusal(
  call: Call,
  existing: ManualJournal,
  status: ManualJournal["status"],
): string | undefined {
  if (!MOVES[existing.status].includes(status)) return say.notValidForModification("Manual Journal");
  return lockMessage(call, existing.date);
}

type LineContext = {
  call: Call;
  status: ManualJournal["status"];
  lineAmountTypes: LineAmountTypes;
  index: number;
  problems: Problems;
};

function lineOf(context: LineContext, draft: LineDraft): JournalLine {
  const { call, index, problems, lineAmountTypes } = context;
  if (draft.LineAmount === undefined) problems.line(index, "LineAmount must be specified");
  const lineAmount =
    draft.LineAmount === undefined ? 0n : roundTo(draft.LineAmount, CENTS, call.org.behaviour.ties);
  const account = accountOf(context, draft);
  const none = taxFreeType(call.org.country);
  const taxType = lineAmountTypes === "NoTax" ? none : (draft.TaxType ?? account?.taxType ?? none);
  const rate = call.books.get("taxRates", taxType);
  if (rate === undefined || rate.status !== "ACTIVE") problems.line(index, say.taxTypeUnknown(taxType));
  else if (account !== undefined && !rate.appliesTo[classOf(account.type)]) {
    problems.line(index, say.taxTypeWithAccount(taxType, account.code));
  }
  const tracking = draft.Tracking ?? [];
  if (tracking.length > 2) problems.line(index, say.trackingTooMany);
  return {
    lineAmount,
    taxAmount: taxOf(lineAmount, rate?.effectiveRate ?? 0n, lineAmountTypes, call.org.behaviour.ties),
    taxType,
    tracking: resolveTracking(call, tracking, (message) => problems.line(index, message)),
    ...(account === undefined ? {} : { accountId: account.id }),
    ...(draft.Description === undefined ? {} : { description: draft.Description }),
  };
}

/** Not to receivables, payables, bank, retained earnings or inventory (facts/xero.md section 4, ManualJournals). */
const FORBIDDEN_SYSTEM: ReadonlySet<string> = new Set(["DEBTORS", "CREDITORS", "RETAINEDEARNINGS"]);
const FORBIDDEN_TYPES: ReadonlySet<string> = new Set(["BANK", "INVENTORY"]);

function accountOf({ call, status, index, problems }: LineContext, draft: LineDraft): Account | undefined {
  const account =
    draft.AccountID === undefined
      ? call.books.find("accounts", "code", draft.AccountCode ?? "")[0]
      : call.books.get("accounts", draft.AccountID);
  const named = draft.AccountCode ?? draft.AccountID;
  if (account === undefined) {
    if (status !== "DRAFT") problems.line(index, named ? say.accountNotValid(named) : say.accountMandatory);
    // A draft loses the account it names wrongly, with a warning (message 52).
    else if (named) problems.warnings.push(say.accountRemoved(named));
    return undefined;
  }
  if (account.status !== "ACTIVE") problems.line(index, say.accountArchived(account.code));
  const isForbidden = FORBIDDEN_TYPES.has(account.type) || FORBIDDEN_SYSTEM.has(account.systemAccount ?? "");
  if (isForbidden) problems.line(index, say.accountNotValid(account.code));
  return account;
}

/** Message 51: credits are printed with their sign. */
function checkBalance(lines: readonly JournalLine[], types: LineAmountTypes, problems: Problems): void {
  let debits = 0n;
  let credits = 0n;
  for (const line of lines) {
    const amount = types === "Exclusive" ? line.lineAmount + line.taxAmount : line.lineAmount;
    if (amount > 0n) debits += amount;
    else credits += amount;
  }
  if (debits + credits !== 0n) {
    problems.add(say.journalUnbalanced(formatUnits(debits, CENTS), formatUnits(credits, CENTS)));
  }
}
