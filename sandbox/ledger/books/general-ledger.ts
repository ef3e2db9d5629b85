import { divideRounded } from "../wire/decimal.ts";
import { toBase } from "./arithmetic.ts";
import type { Books } from "./books.ts";
import type { Allocation, Payment, TradeDocument } from "./rows.ts";
import { allocationsFrom, creditsOn, isCredit, livePayments } from "./settlement.ts";

/**
 * Double entry behind every document, in base currency cents: debit is positive, credit negative. Nothing is stored;
 * the postings follow from the documents, and each document's postings add up to nothing.
 */
export type Posting = { accountId: string; date: string; amount: bigint; sourceId: string };

type SystemAccounts = Readonly<
  Record<"DEBTORS" | "CREDITORS" | "GST" | "ROUNDING" | "REALISEDCURRENCYGAIN", string>
>;

export function postingsOf(books: Books): Posting[] {
  const system = systemAccounts(books);
  const postings: Posting[] = [];
  for (const document of books.all("documents")) {
    if (document.status !== "AUTHORISED" && document.status !== "PAID") continue;
    postings.push(...documentPostings(books, system, document));
    postings.push(...settlementPostings(books, system, document));
  }
  postings.push(...journalPostings(books, system));
  return postings.filter(({ amount }) => amount !== 0n);
}

function systemAccounts(books: Books): SystemAccounts {
  const idOf = (name: string): string => {
    const account = books.all("accounts").find(({ systemAccount }) => systemAccount === name);
    if (account === undefined) throw new Error(`the chart of accounts has no ${name} account`);
    return account.id;
  };
  return {
    DEBTORS: idOf("DEBTORS"),
    CREDITORS: idOf("CREDITORS"),
    GST: idOf("GST"),
    ROUNDING: idOf("ROUNDING"),
    REALISEDCURRENCYGAIN: idOf("REALISEDCURRENCYGAIN"),
  };
}

/** +1 where the control side (receivables, or the bank on money in) is debited. */
const CONTROL_SIGN: Readonly<Record<TradeDocument["type"], 1n | -1n>> = {
  ACCREC: 1n,
  ACCRECCREDIT: -1n,
  ACCPAY: -1n,
  ACCPAYCREDIT: 1n,
  RECEIVE: 1n,
  "RECEIVE-OVERPAYMENT": 1n,
  "RECEIVE-PREPAYMENT": 1n,
  SPEND: -1n,
  "SPEND-OVERPAYMENT": -1n,
  "SPEND-PREPAYMENT": -1n,
};

function controlOf(system: SystemAccounts, document: TradeDocument): string {
  return document.type.startsWith("ACCREC") || document.type.startsWith("RECEIVE")
    ? system.DEBTORS
    : system.CREDITORS;
}

function documentPostings(books: Books, system: SystemAccounts, document: TradeDocument): Posting[] {
  const { date, rate, id, lineAmountTypes } = document;
  const sign = CONTROL_SIGN[document.type];
  const control = document.bankAccountId ?? controlOf(system, document);
  const postings: Posting[] = [];
  const post = (accountId: string, amount: bigint): void => {
    postings.push({ accountId, date, amount, sourceId: id });
  };
  post(control, sign * toBase(document.total, rate));
  // What is overpaid is owed as one sum, however many lines it has.
  const isOverpayment = document.type.endsWith("-OVERPAYMENT");
  if (isOverpayment) post(controlOf(system, document), -sign * toBase(document.total, rate));
  for (const line of isOverpayment ? [] : document.lines) {
    const net = lineAmountTypes === "Inclusive" ? line.lineAmount - line.taxAmount : line.lineAmount;
    if (line.accountId !== undefined) post(line.accountId, -sign * toBase(net, rate));
  }
  post(system.GST, -sign * toBase(document.totalTax, rate));
  // Lines are converted one by one; what that loses against the total is a rounding difference.
  const drift = postings.reduce((sum, { amount }) => sum + amount, 0n);
  post(system.ROUNDING, -drift);
  for (const move of books.find("stockMoves", "document", id)) {
    if (!move.costOfSale) continue;
    const item = books.find("items", "code", move.itemCode)[0];
    const asset = accountIdOf(books, item?.inventoryAssetAccountCode);
    const cost = accountIdOf(books, item?.purchase.cogsAccountCode);
    if (asset === undefined || cost === undefined) continue;
    post(asset, move.cost);
    post(cost, -move.cost);
  }
  return postings;
}

const accountIdOf = (books: Books, code: string | undefined): string | undefined =>
  code === undefined ? undefined : books.find("accounts", "code", code)[0]?.id;

/** Payments and allocations, with the gain or loss between the document's rate and the payment's. */
function settlementPostings(books: Books, system: SystemAccounts, document: TradeDocument): Posting[] {
  const split = splitter(books, system, document);
  const postings = livePayments(books, document.id).flatMap((payment) =>
    paymentPostings(system, document, payment, split),
  );
  for (const allocation of allocationsFrom(books, document.id)) {
    postings.push(...allocationPostings({ books, system, split }, document, allocation));
  }
  if (document.status === "PAID") postings.push(...residualPostings(books, system, document));
  return postings;
}

/** An invoice is settled against its control account, a credit too; a prepayment against what it was booked to. */
function settledAccount(system: SystemAccounts, document: TradeDocument): string {
  if (!document.type.endsWith("-PREPAYMENT")) return controlOf(system, document);
  return (
    document.lines.find((line) => line.accountId !== undefined)?.accountId ?? controlOf(system, document)
  );
}

type Leg = { accountId: string; amount: bigint };
/** Parts are told in turn; what was told before is remembered, so that the legs of all parts add up to the document. */
type Splitter = (part: bigint) => readonly Leg[];

/**
 * An invoice is settled against its control account. A prepayment carries tax (facts/xero.md section 4), which the
 * invoice that uses it up carries too: it is taken back from the lines and the tax that it was booked to.
 */
function splitter(books: Books, system: SystemAccounts, document: TradeDocument): Splitter {
  if (!document.type.endsWith("-PREPAYMENT")) {
    const accountId = controlOf(system, document);
    return (amount) => [{ accountId, amount }];
  }
  const [bank, ...booked] = documentPostings(books, system, document);
  const whole = -(bank?.amount ?? 0n);
  const sharesAt = (done: bigint): bigint[] => {
    let rest = done;
    return booked.map(({ amount }, index) => {
      const share = index === booked.length - 1 ? rest : signedShare(amount * done, whole);
      rest -= share;
      return share;
    });
  };
  let told = 0n;
  return (part) => {
    const before = sharesAt(told);
    told += part;
    const after = sharesAt(told);
    return booked.map(({ accountId }, index) => ({
      accountId,
      amount: (after[index] ?? 0n) - (before[index] ?? 0n),
    }));
  };
}

const signedShare = (numerator: bigint, denominator: bigint): bigint =>
  denominator < 0n
    ? divideRounded(-numerator, -denominator, "up")
    : divideRounded(numerator, denominator || 1n, "up");

/** +1 when settling credits the document's account: an invoice was debited there, an overpayment credited. */
const settleSign = (document: TradeDocument): bigint =>
  document.bankAccountId === undefined ? CONTROL_SIGN[document.type] : -CONTROL_SIGN[document.type];

function paymentPostings(
  system: SystemAccounts,
  document: TradeDocument,
  payment: Payment,
  split: Splitter,
): Posting[] {
  const sign = settleSign(document);
  const atDocumentRate = toBase(payment.amount, document.rate);
  const atPaymentRate = toBase(payment.amount, payment.rate);
  const post = (accountId: string, amount: bigint): Posting => ({
    accountId,
    date: payment.date,
    amount,
    sourceId: payment.id,
  });
  return [
    post(payment.accountId, sign * atPaymentRate),
    ...split(atDocumentRate).map(({ accountId, amount }) => post(accountId, -sign * amount)),
    post(system.REALISEDCURRENCYGAIN, sign * (atDocumentRate - atPaymentRate)),
  ];
}

function allocationPostings(
  { books, system, split }: { books: Books; system: SystemAccounts; split: Splitter },
  source: TradeDocument,
  allocation: Allocation,
): Posting[] {
  const invoice = books.get("documents", allocation.invoiceId);
  if (invoice === undefined) return [];
  const atInvoiceRate = toBase(allocation.amount, invoice.rate);
  const atSourceRate = toBase(allocation.amount, source.rate);
  const sign = settleSign(source);
  const post = (accountId: string, amount: bigint): Posting => ({
    accountId,
    date: allocation.date,
    amount,
    sourceId: allocation.id,
  });
  return [
    ...split(atSourceRate).map(({ accountId, amount }) => post(accountId, -sign * amount)),
    post(controlOf(system, invoice), -settleSign(invoice) * atInvoiceRate),
    post(system.REALISEDCURRENCYGAIN, sign * atSourceRate + settleSign(invoice) * atInvoiceRate),
  ];
}

/** Parts converted one by one may leave a cent on a document that is fully paid: it goes to currency gains. */
function residualPostings(books: Books, system: SystemAccounts, document: TradeDocument): Posting[] {
  const parts = [
    ...livePayments(books, document.id),
    ...(isCredit(document) ? allocationsFrom(books, document.id) : creditsOn(books, document.id)),
  ];
  if (parts.length === 0) return [];
  let settled = 0n;
  for (const part of parts) settled += toBase(part.amount, document.rate);
  const residual = settleSign(document) * (toBase(document.total, document.rate) - settled);
  const date = document.fullyPaidOn ?? document.date;
  const sourceId = document.id;
  return [
    { accountId: settledAccount(system, document), date, amount: -residual, sourceId },
    { accountId: system.REALISEDCURRENCYGAIN, date, amount: residual, sourceId },
  ];
}

function journalPostings(books: Books, system: SystemAccounts): Posting[] {
  return books
    .all("manualJournals")
    .filter(({ status }) => status === "POSTED")
    .flatMap(({ id, date, lines, lineAmountTypes }) =>
      lines.flatMap((line) => {
        const net = lineAmountTypes === "Inclusive" ? line.lineAmount - line.taxAmount : line.lineAmount;
        const account = line.accountId ?? system.ROUNDING;
        return [
          { accountId: account, date, amount: net, sourceId: id },
          { accountId: system.GST, date, amount: line.taxAmount, sourceId: id },
        ];
      }),
    );
}
