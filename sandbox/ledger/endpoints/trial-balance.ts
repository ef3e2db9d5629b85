import { classOf } from "../books/chart.ts";
import { type Posting, postingsOf } from "../books/general-ledger.ts";
import type { Account, AccountClass } from "../books/rows.ts";
import { parseDay, reportDay, wireMsBare } from "../wire/dates.ts";
import { CENTS, formatUnits } from "../wire/decimal.ts";
import { okReply, queryInvalid, Refusal, type Reply } from "../wire/envelope.ts";
import type { Json, JsonRecord } from "../wire/json.ts";
import { type Call, organisationOf, todayOf } from "./call.ts";
import { renderOrganisation } from "./organisation.ts";

const SECTIONS: readonly (readonly [title: string, accountClass: AccountClass])[] = [
  ["Revenue", "REVENUE"],
  ["Expenses", "EXPENSE"],
  ["Assets", "ASSET"],
  ["Liabilities", "LIABILITY"],
  ["Equity", "EQUITY"],
];

type Balance = { account: Account; month: bigint; year: bigint };

/**
 * Month to date and year to date. Profit of earlier years is in retained earnings, so every column balances. On a
 * cash basis (paymentsOnly) it is not implemented: see the README.
 */
export function trialBalance(call: Call): Reply {
  const sent = call.query.text("date");
  const date = sent === undefined ? todayOf(call) : parseDay(sent);
  if (date === undefined) throw new Refusal(queryInvalid("The date parameter is not a date"));
  const balances = balancesAt(call, date);
  const sections = SECTIONS.map(([title, accountClass]) => section(title, balances, accountClass));
  return okReply(call.nowMs, "Reports", [
    {
      ReportID: "TrialBalance",
      ReportName: "Trial Balance",
      ReportType: "TrialBalance",
      ReportTitles: ["Trial Balance", organisationOf(call.books).name, `As at ${reportDay(date)}`],
      ReportDate: reportDay(date),
      UpdatedDateUTC: wireMsBare(call.nowMs),
      Fields: [],
      Rows: [
        {
          RowType: "Header",
          Cells: ["Account", "Debit", "Credit", "YTD Debit", "YTD Credit"].map((Value) => ({ Value })),
        },
        ...sections.filter((rows) => rows !== undefined),
        totals(balances),
      ],
    },
  ]);
}

function balancesAt(call: Call, date: string): Balance[] {
  const accounts = call.books.all("accounts");
  const retained = accounts.find(({ systemAccount }) => systemAccount === "RETAINEDEARNINGS");
  const yearStart = financialYearStart(call, date);
  const monthStart = `${date.slice(0, 8)}01`;
  const balances = new Map(accounts.map((account) => [account.id, { account, month: 0n, year: 0n }]));
  for (const posting of postingsOf(call.books)) {
    if (posting.date > date) continue;
    const own = balances.get(posting.accountId);
    if (own === undefined) continue;
    if (posting.date >= monthStart) own.month += posting.amount;
    const target = isEarlierProfit(own.account, posting, yearStart) ? balances.get(retained?.id ?? "") : own;
    if (target !== undefined) target.year += posting.amount;
  }
  return [...balances.values()].filter(({ month, year }) => month !== 0n || year !== 0n);
}

const isEarlierProfit = (account: Account, posting: Posting, yearStart: string): boolean =>
  ["REVENUE", "EXPENSE"].includes(classOf(account.type)) && posting.date < yearStart;

function financialYearStart(call: Call, date: string): string {
  const organisation = renderOrganisation(call);
  const end = `${String(organisation.FinancialYearEndMonth).padStart(2, "0")}-${String(organisation.FinancialYearEndDay).padStart(2, "0")}`;
  const year = Number(date.slice(0, 4));
  const lastEnd = date.slice(5) > end ? `${year}-${end}` : `${year - 1}-${end}`;
  return new Date(Date.parse(`${lastEnd}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function section(
  title: string,
  balances: readonly Balance[],
  accountClass: AccountClass,
): JsonRecord | undefined {
  const rows = balances.filter(({ account }) => classOf(account.type) === accountClass);
  if (rows.length === 0) return undefined;
  return { RowType: "Section", Title: title, Rows: rows.map(row) };
}

/** Values are text and may be empty (facts/xero.md section 4, Reports). */
function row({ account, month, year }: Balance): JsonRecord {
  const Attributes = [{ Value: account.id, Id: "account" }];
  const label = account.code === "" ? account.name : `${account.name} (${account.code})`;
  const cell = (Value: string): Json => ({ Value, Attributes });
  return { RowType: "Row", Cells: [cell(label), ...sides(month).map(cell), ...sides(year).map(cell)] };
}

const sides = (amount: bigint): [debit: string, credit: string] =>
  amount < 0n ? ["", formatUnits(-amount, CENTS)] : [formatUnits(amount, CENTS), ""];

function totals(balances: readonly Balance[]): JsonRecord {
  const sum = (pick: (balance: Balance) => bigint): string =>
    formatUnits(
      balances.reduce((total, balance) => total + (pick(balance) > 0n ? pick(balance) : 0n), 0n),
      CENTS,
    );
  const values = [
    "Total",
    sum(({ month }) => month),
    sum(({ month }) => -month),
    sum(({ year }) => year),
    sum(({ year }) => -year),
  ];
  const summary = { RowType: "SummaryRow", Cells: values.map((Value) => ({ Value })) };
  return { RowType: "Section", Title: "", Rows: [summary] };
}
