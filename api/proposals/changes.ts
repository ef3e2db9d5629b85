/**
 * Before and after in words. Compared is what is live with what would be published, not what the edits say about
 * themselves: a person approves the effect, and the proposer's reasons only stand beside it.
 */
import type { Proposal } from "../../engine/api.ts";
import type { Edit } from "../../engine/core/edits.ts";
import {
  type FieldName,
  type MappingSpec,
  type SettingName,
  TABLES,
  type TableName,
} from "../../engine/core/mapping.ts";
import type { PlannedDocument } from "../../engine/core/plan.ts";
import type { Json } from "../../engine/core/shapes.ts";
import type { Change } from "../schemas/proposals.ts";
import {
  FIELD_WORDS,
  type Names,
  outcomeWords,
  ruleWords,
  SETTING_WORDS,
  settingWords,
  TABLE_WORDS,
} from "./words.ts";

export type ChangesInput = {
  readonly proposal: Pick<Proposal, "edits" | "candidate" | "document">;
  /** What is live; null before the first mapping. */
  readonly base: MappingSpec | null;
  readonly names: Names;
};

export function changesOf({ proposal, base, names }: ChangesInput): Change[] {
  const { document, candidate, edits } = proposal;
  if (document !== null) {
    return document.plan.documents
      .filter(({ step }) => document.steps.includes(step))
      .flatMap((planned) => documentChanges(planned));
  }
  if (candidate === null) return [];
  return [
    ...settingChanges({ base, candidate, edits, names }),
    ...tableNames.flatMap((table) => tableChanges(table, { base, candidate, edits, names })),
    ...fieldChanges({ base, candidate, edits, names }),
  ];
}

const tableNames = Object.keys(TABLES) as TableName[];

type Compared = {
  readonly base: MappingSpec | null;
  readonly candidate: MappingSpec;
  readonly edits: readonly Edit[];
  readonly names: Names;
};

const settingChanges = ({ base, candidate, edits, names }: Compared): Change[] =>
  (Object.keys(candidate.settings) as SettingName[])
    .map((setting) => ({
      what: SETTING_WORDS[setting],
      before: base === null ? null : settingWords(setting, base.settings[setting], names),
      after: settingWords(setting, candidate.settings[setting], names),
      why: whyOf(edits, (edit) => edit.op === "setSetting" && edit.setting === setting),
    }))
    .filter(differs);

const fieldChanges = ({ base, candidate, edits }: Compared): Change[] =>
  (Object.keys(FIELD_WORDS) as FieldName[])
    .map((field) => ({
      what: FIELD_WORDS[field],
      before: base?.fields[field] ?? null,
      after: candidate.fields[field],
      why: whyOf(edits, (edit) => edit.op === "setField" && edit.field === field),
    }))
    .filter(differs);

function tableChanges(table: TableName, { base, candidate, edits, names }: Compared): Change[] {
  const title = TABLE_WORDS[table];
  const before = base?.tables[table] ?? null;
  const after = candidate.tables[table];
  const ids = new Set([...(before?.rules ?? []), ...after.rules].map(({ id }) => id));
  const rules = [...ids].map((id) => {
    const old = before?.rules.find((rule) => rule.id === id);
    const fresh = after.rules.find((rule) => rule.id === id);
    return {
      what: `${title}, rule ${id}`,
      before: old === undefined ? null : ruleWords(old, names),
      after: fresh === undefined ? null : ruleWords(fresh, names),
      why: whyOf(edits, (edit) => ruleIdOf(edit) === id && "table" in edit && edit.table === table),
    };
  });
  const otherwise = {
    what: rules.length > 0 ? `${title}, otherwise` : title,
    before: before === null ? null : outcomeWords(before.otherwise, names),
    after: outcomeWords(after.otherwise, names),
    why: whyOf(edits, (edit) => edit.op === "setOtherwise" && edit.table === table),
  };
  return [...rules, otherwise, ...orderChange(title, before?.rules ?? [], after.rules)].filter(differs);
}

/** The first match wins, so an order that changes among the rules that stay is a change of its own. */
function orderChange(
  title: string,
  before: readonly { readonly id: string }[],
  after: readonly { readonly id: string }[],
): Change[] {
  const staying = (rules: typeof before, others: typeof before): string =>
    rules
      .map(({ id }) => id)
      .filter((id) => others.some((other) => other.id === id))
      .join(", ");
  return [
    {
      what: `${title}, order of rules`,
      before: staying(before, after),
      after: staying(after, before),
      why: null,
    },
  ];
}

const ruleIdOf = (edit: Edit): string | undefined =>
  edit.op === "addRule" ? edit.rule.id : "ruleId" in edit ? edit.ruleId : undefined;

const whyOf = (edits: readonly Edit[], touches: (edit: Edit) => boolean): string | null =>
  edits.findLast(touches)?.why ?? null;

const differs = ({ before, after }: Change): boolean => before !== after;

/** A document has no before: it is new in the ledger. One row for the whole and one for each of its lines. */
function documentChanges({ step, resource, body }: PlannedDocument): Change[] {
  const number = text(body.InvoiceNumber) ?? text(body.Name) ?? text(body.Reference) ?? "";
  const lines = Array.isArray(body.LineItems) ? body.LineItems : [];
  const whole = { what: `${resource}, new`, before: null, after: number || step, why: null };
  return [whole, ...lines.map((line, index) => lineChange(line, index))];
}

function lineChange(line: Json, index: number): Change {
  const members = line !== null && typeof line === "object" && !Array.isArray(line) ? line : {};
  const after = [
    text(members.Description),
    text(members.LineAmount),
    members.AccountCode === undefined ? null : `account ${text(members.AccountCode)}`,
    text(members.TaxType),
  ].filter((part) => part !== null);
  return { what: `Line ${index + 1}`, before: null, after: after.join(" · "), why: null };
}

const text = (value: Json | undefined): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
