import type { Books } from "./books.ts";
import { accountsOf, taxRatesOf } from "./chart.ts";
import { currencyName } from "./currencies.ts";
import { guidFrom } from "./ids.ts";
import type { Organisation } from "./rows.ts";
import type { OrgSeed } from "./scenario.ts";

/** Puts the scenario's organisation into empty books. */
export function seedBooks(books: Books, org: OrgSeed, nowMs: number): void {
  books.put("organisation", organisationOf(org, nowMs));
  const rates = taxRatesOf(org, nowMs);
  for (const rate of rates) books.put("taxRates", rate);
  for (const account of accountsOf(org, rates, nowMs)) books.put("accounts", account);
  for (const code of new Set([org.baseCurrency, ...org.currencies])) {
    books.put("currencies", { id: code, description: currencyName(code), updatedMs: nowMs });
  }
  for (const { category, options } of org.tracking) {
    books.put("trackingCategories", {
      id: guidFrom("tracking", category),
      name: category,
      status: "ACTIVE",
      options: options.map((name) => ({ id: guidFrom("tracking", category, name), name, status: "ACTIVE" })),
      updatedMs: nowMs,
    });
  }
}

function organisationOf(org: OrgSeed, nowMs: number): Organisation {
  const name = org.name ?? `Demo Company (${org.country})`;
  return {
    id: guidFrom("organisation", org.country, name),
    name,
    country: org.country,
    baseCurrency: org.baseCurrency,
    timezone: org.timezone,
    updatedMs: nowMs,
    ...(org.periodLockDate ? { periodLockDate: org.periodLockDate } : {}),
    ...(org.endOfYearLockDate ? { endOfYearLockDate: org.endOfYearLockDate } : {}),
  };
}
