/** One order for the lists of an organisation, so that a plan never depends on how the ledger happened to sort them. */
import { compareText } from "../../core/money.ts";
import type { Org } from "../../core/org.ts";

export const sortedOrg = (org: Org): Org => ({
  ...org,
  currencies: [
    org.baseCurrency,
    ...new Set(org.currencies.filter((code) => code !== org.baseCurrency).sort(compareText)),
  ],
  accounts: org.accounts.toSorted(
    (a, b) => compareText(a.code ?? "", b.code ?? "") || compareText(a.name, b.name),
  ),
  taxRates: org.taxRates.toSorted((a, b) => compareText(a.taxType, b.taxType) || compareText(a.name, b.name)),
  tracking: org.tracking.toSorted((a, b) => compareText(a.name, b.name)),
});
