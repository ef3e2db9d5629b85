/**
 * What an approval is bound to: a hash of the candidate, of the proof that was shown, and of the org items it names, so
 * that nobody approves something else than what they saw.
 */
import type { Proposal } from "../api.ts";
import { never } from "../core/assert.ts";
import type { MappingSpec, Outcome, TableName } from "../core/mapping.ts";
import { compareText } from "../core/money.ts";
import { accountByCode, type Org, taxRateByType } from "../core/org.ts";
import type { Json } from "../core/shapes.ts";
import { contentHash } from "../sync/delivery-key.ts";

export type Proposed = Pick<
  Proposal,
  | "connection"
  | "kind"
  | "title"
  | "baseVersion"
  | "edits"
  | "questions"
  | "candidate"
  | "document"
  | "replay"
>;

/** sha256 over canonical JSON. `replaySet` is the hash of the ids and revisions that the replay ran over. */
export function digestOf(proposed: Proposed, replaySet: string, org: Org): string {
  const { connection, kind, title, baseVersion, edits, questions, candidate, document, replay } = proposed;
  const content = {
    ...{ connection, kind, title, baseVersion, edits, questions, candidate, document, replay, replaySet },
    org: candidate === null ? null : orgItems(candidate, org),
  };
  return contentHash(content as unknown as Json);
}

/** The accounts, tax types, tracking options and currencies that a spec names, as the organisation has them now. */
export function orgItems(spec: MappingSpec, org: Org): Json {
  const outcomes = outcomesOf(spec);
  const { settings } = spec;
  const accounts = sorted([
    ...outcomes.flatMap(({ outcome }) => accountCodeOf(outcome)),
    ...(settings.roundingAccount === null ? [] : [settings.roundingAccount]),
  ]);
  const taxTypes = sorted([
    ...outcomes.flatMap(({ outcome }) => (outcome.kind === "taxType" ? [outcome.taxType] : [])),
    ...(settings.roundingTaxType === null ? [] : [settings.roundingTaxType]),
  ]);
  return {
    accounts: accounts.map((code) => ({ code, item: accountByCode(org, code) ?? null })),
    taxTypes: taxTypes.map((taxType) => ({ taxType, item: taxRateByType(org, taxType) ?? null })),
    options: outcomes.flatMap(({ table, outcome }) =>
      outcome.kind === "option" ? [optionItem(spec, table, outcome.option, org)] : [],
    ),
    currencies: settings.currencies.map((code) => ({ code, subscribed: org.currencies.includes(code) })),
  };
}

function outcomesOf({ tables }: MappingSpec): { readonly table: TableName; readonly outcome: Outcome }[] {
  return (Object.keys(tables) as TableName[]).sort(compareText).flatMap((table) => {
    const { rules, otherwise } = tables[table];
    const all = [...rules.map(({ then }) => then), ...(otherwise === null ? [] : [otherwise])];
    return all.map((outcome) => ({ table, outcome }));
  });
}

function accountCodeOf(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case "account":
      return [outcome.code];
    case "payment":
    case "taxLiability":
    case "marketplaceTax":
      return [outcome.account];
    case "bankTransaction":
      return [outcome.bank, outcome.account];
    case "unit":
    case "perCompany":
    case "taxTypes":
    case "discount":
    case "theme":
    case "organisationTheme":
    case "accept":
    case "nothing":
    case "taxType":
    case "unpaid":
    case "perCustomer":
    case "sharedContact":
    case "terms":
    case "status":
    case "option":
    case "noOption":
    case "hold":
      return [];
    default:
      return never(outcome);
  }
}

function optionItem({ settings }: MappingSpec, table: TableName, option: string, org: Org): Json {
  const category = table === "tracking1" ? settings.tracking1Category : settings.tracking2Category;
  const active = org.tracking.some(({ name, options }) => name === category && options.includes(option));
  return { category, option, active };
}

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort(compareText);
