import fc from "fast-check";
import { expect, test } from "vitest";
import { type Body, openTestLedger, type TestLedger } from "../testing.ts";
import { postingsOf } from "./general-ledger.ts";
import { type Operation, operation, perform } from "./random-operations.ts";
import type { TradeDocument } from "./rows.ts";
import { amountCredited, amountPaid, isCredit, openAmountOf } from "./settlement.ts";

const ORG = { currencies: ["GBP", "EUR", "JPY", "KWD"], dayRates: { EUR: 1.17, JPY: 206.5, KWD: 0.41 } };

test("after every operation of every endpoint the trial balance balances", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 5, maxLength: 45 }), (operations) => {
      const ledger = openTestLedger(ORG);
      const answers = run(ledger, operations);
      expect(answers.filter((status) => ![200, 204, 400, 404].includes(status))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

function run(ledger: TestLedger, operations: readonly Operation[]): number[] {
  ledger.call("PUT", "Items", {
    Code: "W1",
    InventoryAssetAccountCode: "630",
    PurchaseDetails: { UnitPrice: 7.35, COGSAccountCode: "310" },
    SalesDetails: { UnitPrice: 25, AccountCode: "200" },
  });
  return operations.map((one) => {
    const status = perform(ledger, one);
    checkBooks(ledger);
    return status;
  });
}

function checkBooks(ledger: TestLedger): void {
  const { books } = ledger.ledger;
  const balances = new Map<string, bigint>();
  const bySource = new Map<string, bigint>();
  for (const { accountId, amount, sourceId } of postingsOf(books)) {
    balances.set(accountId, (balances.get(accountId) ?? 0n) + amount);
    bySource.set(sourceId, (bySource.get(sourceId) ?? 0n) + amount);
  }
  expect([...bySource].filter(([, sum]) => sum !== 0n)).toEqual([]);
  const [report] = ledger.call("GET", "Reports/TrialBalance?date=2027-12-31").body.Reports;
  const cells = report.Rows.at(-1).Rows[0].Cells.map((cell: Body) => cell.Value);
  expect([cells[1], cells[3]]).toEqual([cells[2], cells[4]]);
  const balanceOf = (code: string): bigint =>
    balances.get(books.find("accounts", "code", code)[0]?.id ?? "") ?? 0n;
  const items = books.all("items");
  expect(balanceOf("630")).toBe(items.reduce((sum, { costPool }) => sum + costPool, 0n));
  expect(balanceOf("610")).toBe(openControl(ledger, ["ACCREC", "ACCRECCREDIT", "RECEIVE-OVERPAYMENT"]));
  expect(balanceOf("800")).toBe(openControl(ledger, ["ACCPAY", "ACCPAYCREDIT", "SPEND-OVERPAYMENT"]));
  for (const document of books.all("documents")) checkSettled(ledger, document);
}

function checkSettled({ ledger }: TestLedger, document: TradeDocument): void {
  const { books } = ledger;
  const open = openAmountOf(books, document);
  if (document.status === "VOIDED" || document.status === "DELETED") {
    expect(open).toBe(0n);
    return;
  }
  expect(open).toBeGreaterThanOrEqual(0n);
  if (document.status === "PAID") expect(open).toBe(0n);
  if (!isCredit(document) && document.kind === "invoice")
    expect(open + amountPaid(books, document) + amountCredited(books, document)).toBe(document.total);
}

/** What is owed on a control account, at the rates of the documents: debit positive. */
function openControl({ ledger }: TestLedger, types: readonly string[]): bigint {
  const { books } = ledger;
  const base = (amount: bigint, rate: bigint): bigint => (2n * amount * 1_000_000n + rate) / (2n * rate);
  let sum = 0n;
  for (const document of books.all("documents")) {
    if (!types.includes(document.type) || document.status !== "AUTHORISED") continue;
    const isDebit = ["ACCREC", "ACCPAYCREDIT", "SPEND-OVERPAYMENT"].includes(document.type);
    let open = base(document.total, document.rate);
    const parts = [
      ...books.find("payments", "document", document.id).filter(({ status }) => status === "AUTHORISED"),
      ...books.find("allocations", "invoice", document.id),
      ...books.find("allocations", "source", document.id),
    ];
    for (const part of parts) open -= base(part.amount, document.rate);
    sum += isDebit ? open : -open;
  }
  return sum;
}
