/**
 * Does a spec mean something in this organisation? Accounts exist and may be used here, tax types are for sales, options
 * exist, payments fit the invoice status. Asked before a proposal is shown and again before it is approved.
 */
import {
  bankAccountFault,
  inventoryAccountFault,
  lineAccountFault,
  paymentAccountFault,
  taxRateFault,
} from "./account-faults.ts";
import { never } from "./assert.ts";
import { type Problem, tableFault } from "./edits.ts";
import type { MappingSpec, Outcome } from "./mapping.ts";
import { TABLES, type TableName } from "./mapping.ts";
import { absOf, parseE4 } from "./money.ts";
import { nearestOf } from "./nearest.ts";
import { accountByCode, type LedgerAccount, type LedgerTaxRate, type Org, taxRateByType } from "./org.ts";
import { plainQuantity } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";

export function checkSpec(spec: MappingSpec, org: Org): Problem[] {
  const names = Object.keys(TABLES) as TableName[];
  return [
    ...names.flatMap((name) => checkTable(spec, name, org)),
    ...checkRates(spec, org),
    ...checkSettings(spec, org),
    ...checkDrafts(spec),
  ];
}

function checkTable(spec: MappingSpec, name: TableName, org: Org): Problem[] {
  const table = spec.tables[name];
  const path = pointerOf("tables", name);
  const fault = tableFault(name, table);
  if (fault !== undefined) return [{ path, message: fault, nearest: [] }];
  const outcomes = [
    ...table.rules.map((rule) => ({ outcome: rule.then, path: `${path}/rules/${rule.id}` })),
    ...(table.otherwise === null ? [] : [{ outcome: table.otherwise, path: `${path}/otherwise` }]),
  ];
  return outcomes.flatMap(({ outcome, path: at }) => checkOutcome(outcome, { spec, name, org, path: at }));
}

type At = { readonly spec: MappingSpec; readonly name: TableName; readonly org: Org; readonly path: string };

function checkOutcome(outcome: Outcome, at: At): Problem[] {
  switch (outcome.kind) {
    case "account":
      return accountProblem(outcome.code, at.org, at.path, lineAccountFault);
    case "payment":
      return accountProblem(outcome.account, at.org, at.path, paymentAccountFault);
    case "taxType":
      return taxTypeProblem(outcome.taxType, at.org, at.path);
    case "taxLiability":
    case "marketplaceTax":
      return [
        ...accountProblem(outcome.account, at.org, at.path, lineAccountFault),
        ...untaxedProblem(outcome.taxType, at.org, at.path),
      ];
    case "bankTransaction":
      return [
        ...accountProblem(outcome.bank, at.org, at.path, bankAccountFault),
        ...accountProblem(outcome.account, at.org, at.path, lineAccountFault),
        ...taxOfAccountProblem(outcome, at),
      ];
    case "option":
      return optionProblem(outcome.option, at);
    case "unit":
    case "perCompany":
    case "taxTypes":
    case "discount":
    case "theme":
    case "organisationTheme":
    case "accept":
    case "nothing":
    case "unpaid":
    case "perCustomer":
    case "sharedContact":
    case "terms":
    case "status":
    case "noOption":
    case "hold":
      return [];
    default:
      return never(outcome);
  }
}

function accountProblem(
  code: string,
  org: Org,
  path: string,
  faultOf: (account: LedgerAccount | undefined) => string | undefined,
): Problem[] {
  const fault = faultOf(accountByCode(org, code));
  if (fault === undefined) return [];
  const usable = org.accounts.filter((account) => account.code !== null && faultOf(account) === undefined);
  return [{ path, message: `account ${code} ${fault}`, nearest: nearestAccounts(code, usable) }];
}

/** Labels `code name`, nearest by either; a wrong code is usually a neighbour in the chart. */
function nearestAccounts(code: string, accounts: readonly LedgerAccount[]): string[] {
  const labels = accounts.map((account) => `${account.code} ${account.name}`);
  return nearestOf(code, labels);
}

function taxTypeProblem(taxType: string, org: Org, path: string): Problem[] {
  const rate = taxRateByType(org, taxType);
  if (rate !== undefined && rate.status === "ACTIVE" && rate.appliesToRevenue) return [];
  const fault =
    rate === undefined ? "does not exist" : rate.status === "ACTIVE" ? "is not for sales" : "is not active";
  const usable = org.taxRates.filter(
    (candidate) => candidate.status === "ACTIVE" && candidate.appliesToRevenue,
  );
  return [
    {
      path,
      message: `tax type ${taxType} ${fault}`,
      nearest: nearestOf(
        taxType,
        usable.map((r) => r.taxType),
      ),
    },
  ];
}

/** Money spent has the tax of purchases, money received that of sales: the account says which (SHIP-02). */
function taxOfAccountProblem(
  { taxType, account: code }: { readonly taxType: string; readonly account: string },
  { org, path }: At,
): Problem[] {
  const account = accountByCode(org, code);
  const suits = (rate: LedgerTaxRate): boolean =>
    rate.status === "ACTIVE" && (account === undefined || taxRateFault(rate, account) === undefined);
  const rate = taxRateByType(org, taxType);
  if (rate !== undefined && suits(rate)) return [];
  const fault = rate === undefined ? "does not exist" : `cannot be used with account ${code}`;
  const usable = org.taxRates.filter(suits).map((candidate) => candidate.taxType);
  return [{ path, message: `tax type ${taxType} ${fault}`, nearest: nearestOf(taxType, usable) }];
}

/** A type for lines whose tax stands on a line of its own must not add tax. */
function untaxedProblem(taxType: string, org: Org, path: string): Problem[] {
  const problems = taxTypeProblem(taxType, org, path);
  if (problems.length > 0) return problems;
  const rate = taxRateByType(org, taxType);
  if (rate === undefined || parseE4(rate.rate) === 0n) return [];
  return [{ path, message: `tax type ${taxType} is not of 0 %`, nearest: [] }];
}

function optionProblem(option: string, { spec, name, org, path }: At): Problem[] {
  const category = name === "tracking1" ? spec.settings.tracking1Category : spec.settings.tracking2Category;
  const known = org.tracking.find((candidate) => candidate.name === category);
  if (known === undefined) {
    const message = `${name} chooses an option, but setting ${name}Category names no tracking category of the organisation`;
    return [{ path, message, nearest: org.tracking.map((candidate) => candidate.name) }];
  }
  if (known.options.includes(option)) return [];
  return [
    {
      path,
      message: `tracking category ${known.name} has no option "${option}"`,
      nearest: nearestOf(option, known.options),
    },
  ];
}

/** Of four decimals, as the ledger keeps rates. */
const RATE_TOLERANCE_E4 = 1n;

/** A rule for a rate must choose a type of that rate, or every order that it decides is held. */
function checkRates({ tables }: MappingSpec, org: Org): Problem[] {
  return (["taxType", "shippingTaxType"] as const).flatMap((name) =>
    tables[name].rules.flatMap(({ id, when, then }): Problem[] => {
      const wanted = when.find(({ op, fact }) => op === "equals" && fact === "line.taxRate");
      if (wanted?.op !== "equals" || then.kind !== "taxType") return [];
      const rate = taxRateByType(org, then.taxType)?.rate;
      const [chosenE4, wantedE4] = [parseE4(rate ?? ""), parseE4(wanted.value)];
      if (chosenE4 === undefined || wantedE4 === undefined) return [];
      if (absOf(chosenE4 - wantedE4) <= RATE_TOLERANCE_E4) return [];
      const [chosen, about] = [plainQuantity(chosenE4), plainQuantity(wantedE4)];
      const message = `tax type ${then.taxType} is ${chosen} %, but the rule is about ${about} %`;
      const ofRate = org.taxRates.filter((candidate) => parseE4(candidate.rate) === wantedE4);
      const path = `${pointerOf("tables", name)}/rules/${id}`;
      return [{ path, message, nearest: ofRate.map(({ taxType }) => taxType) }];
    }),
  );
}

function checkSettings({ settings, tables }: MappingSpec, org: Org): Problem[] {
  const problems: Problem[] = [];
  const add = (setting: string, message: string, nearest: readonly string[] = []) =>
    problems.push({ path: pointerOf("settings", setting), message, nearest });
  for (const setting of ["tracking1Category", "tracking2Category"] as const) {
    const category = settings[setting];
    const names = org.tracking.map(({ name }) => name);
    if (category !== null && !names.includes(category))
      add(setting, `no tracking category "${category}"`, nearestOf(category, names));
  }
  if (settings.tracking1Category !== null && settings.tracking1Category === settings.tracking2Category) {
    add("tracking2Category", "the two tracking categories must differ");
  }
  for (const currency of settings.currencies) {
    if (!org.currencies.includes(currency))
      add("currencies", `the organisation is not subscribed to ${currency}`, org.currencies);
  }
  if (
    settings.discounts === "visible" &&
    tables.discountAccount.otherwise?.kind === "hold" &&
    tables.discountAccount.rules.length === 0
  ) {
    add("discounts", "visible discounts need an account: set discountAccount");
  }
  if (settings.roundingAccount !== null) {
    problems.push(
      ...accountProblem(settings.roundingAccount, org, "/settings/roundingAccount", lineAccountFault),
    );
  }
  problems.push(...stockProblems(settings, org));
  if (settings.roundingTaxType !== null) {
    problems.push(...taxTypeProblem(settings.roundingTaxType, org, "/settings/roundingTaxType"));
    const rate = taxRateByType(org, settings.roundingTaxType);
    if (rate !== undefined && parseE4(rate.rate) !== 0n)
      add("roundingTaxType", "a rounding line needs a tax type of 0 %");
  }
  return problems;
}

/** Items are kept in stock by two accounts together. */
function stockProblems(settings: MappingSpec["settings"], org: Org): Problem[] {
  const { inventoryAccount, costOfGoodsAccount, stockAdjustmentAccount } = settings;
  const lines = { costOfGoodsAccount, stockAdjustmentAccount };
  const cost = "/settings/costOfGoodsAccount";
  return [
    ...(inventoryAccount === null
      ? []
      : accountProblem(inventoryAccount, org, "/settings/inventoryAccount", inventoryAccountFault)),
    ...Object.entries(lines).flatMap(([setting, code]) =>
      code === null ? [] : accountProblem(code, org, pointerOf("settings", setting), lineAccountFault),
    ),
    ...(inventoryAccount !== null && costOfGoodsAccount === null
      ? [{ path: cost, message: "items kept in stock need an account for their cost", nearest: [] }]
      : []),
  ];
}

/** A draft takes no payment. Where some invoices are drafts, a person must say which orders are unpaid. */
function checkDrafts({ tables }: MappingSpec): Problem[] {
  const alwaysDraft =
    tables.invoiceStatus.rules.length === 0 &&
    tables.invoiceStatus.otherwise?.kind === "status" &&
    tables.invoiceStatus.otherwise.status === "DRAFT";
  const pays = [tables.payment.otherwise, ...tables.payment.rules.map((rule) => rule.then)].some(
    (outcome) => outcome?.kind === "payment",
  );
  if (!alwaysDraft || !pays) return [];
  const message =
    "draft invoices cannot take payments: set the payment table to unpaid, or keep invoices authorised";
  return [{ path: "/tables/invoiceStatus", message, nearest: [] }];
}
