import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { execute, openLedger } from "../ledger.ts";
import { type Body, invoiceOf, NOW } from "../testing.ts";

const FOLDER = resolve(import.meta.dirname, "../../../scenarios");
const FILES = readdirSync(FOLDER).filter((file) => file.startsWith("demo-"));

function open(file: string): (method: string, path: string, body?: unknown) => Body {
  const scenario: unknown = JSON.parse(readFileSync(resolve(FOLDER, file), "utf8"));
  const ledger = openLedger({ scenario, now: () => NOW, seed: file });
  return (method, path, body) => {
    const reply = execute(ledger, {
      method,
      resourcePath: path,
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(JSON.stringify(body ?? {})),
      clientId: "test-app",
    });
    ledger.books.commit();
    return { status: reply.status, ...JSON.parse(String(reply.body)) };
  };
}

/** The first of the revenue accounts whose name begins so: the codes differ by country. */
const accountCode = (call: ReturnType<typeof open>, name: RegExp): string =>
  call("GET", "Accounts").Accounts.find((account: Body) => name.test(account.Name))?.Code;

describe.each(FILES)("the ledger of %s", (file) => {
  const call = open(file);

  test("accepts an invoice for each of its sales tax types, with the rate that its name says", () => {
    const { Contacts } = call("PUT", "Contacts", { Name: "Ada Example" });
    const sales = accountCode(call, /^Sales$/);
    const rates: Body[] = call("GET", "TaxRates").TaxRates.filter((rate: Body) => rate.CanApplyToRevenue);
    expect(rates.length).toBeGreaterThan(2);
    for (const { TaxType, EffectiveRate, Name } of rates) {
      const line = { Description: "A thing", Quantity: 1, UnitAmount: 1000, AccountCode: sales, TaxType };
      const made = call("PUT", "Invoices", invoiceOf(Contacts[0].ContactID, { LineItems: [line] }));
      expect(made.status, `${TaxType} ${JSON.stringify(made.Elements)}`).toBe(200);
      expect(made.Invoices[0].TotalTax).toBeCloseTo(EffectiveRate * 10, 2);
      const inName = /([\d.]+)%/.exec(Name)?.[1];
      if (inName !== undefined) expect(EffectiveRate).toBe(Number(inName));
    }
  });

  test("has accounts for sales, shipping, discounts and fees, and one that takes each kind of payment", () => {
    for (const name of [/^Sales$/i, /shipping income/i, /discounts/i, /^rounding$/i, /fees/i])
      expect(accountCode(call, name), String(name)).toBeTruthy();
    const payable = call("GET", "Accounts").Accounts.filter(
      (account: Body) => account.EnablePaymentsToAccount,
    );
    expect(payable.length).toBeGreaterThan(3);
    for (const word of [/stripe/i, /paypal/i])
      expect(payable.some((account: Body) => word.test(account.Name))).toBe(true);
  });

  test("is open on every day that a demo store may have sold on", () => {
    const [organisation] = call("GET", "Organisation").Organisations;
    const locks = [organisation.PeriodLockDate, organisation.EndOfYearLockDate]
      .filter((date) => date !== undefined)
      .map((date: string) => Number(/\d+/.exec(date)?.[0]));
    const oldestMs = NOW.getTime() - 396 * 86_400_000;
    for (const lock of locks) expect(lock).toBeLessThan(oldestMs);
    const tracking: Body[] = call("GET", "TrackingCategories").TrackingCategories;
    expect(tracking).toHaveLength(2);
  });
});
