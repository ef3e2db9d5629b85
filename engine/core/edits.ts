/**
 * The authoring form: a flat list of typed edits against a base version. This is what a model fills in: no recursion, no
 * records, nothing optional. The engine applies them to the stored spec and says exactly what is wrong.
 */
import { z } from "zod";
import {
  FieldName,
  type MappingSpec,
  MappingSpec as MappingSpecSchema,
  Outcome,
  Rule,
  SettingName,
  TABLES,
  TableName,
} from "./mapping.ts";
import { err, ok, type Result } from "./result.ts";
import { RuleId } from "./shapes.ts";

const why = z.string().min(1).max(300).describe("one sentence: why this edit");

export const Edit = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("setSetting"),
    setting: SettingName,
    value: z.string().max(400).nullable().describe("text; a list is comma-separated; null empties it"),
    why,
  }),
  z.strictObject({ op: z.literal("setField"), field: FieldName, template: z.string().min(1).max(400), why }),
  z.strictObject({
    op: z.literal("addRule"),
    table: TableName,
    position: z.enum(["first", "last"]),
    rule: Rule,
    why,
  }),
  z.strictObject({ op: z.literal("replaceRule"), table: TableName, ruleId: RuleId, rule: Rule, why }),
  z.strictObject({ op: z.literal("removeRule"), table: TableName, ruleId: RuleId, why }),
  z.strictObject({
    op: z.literal("moveRule"),
    table: TableName,
    ruleId: RuleId,
    position: z.int().min(0).max(199),
    why,
  }),
  z.strictObject({ op: z.literal("setOtherwise"), table: TableName, outcome: Outcome.nullable(), why }),
]);
export type Edit = z.infer<typeof Edit>;
export const Edits = z.array(Edit).min(1).max(50);

/** What is wrong with an edit or a spec, for the person or the model that wrote it. */
export type Problem = {
  readonly path: string;
  readonly message: string;
  readonly nearest: readonly string[];
};

/** Applies the edits in order. Nothing is changed when one of them is wrong; every problem is named. */
export function applyEdits(
  base: MappingSpec,
  edits: readonly Edit[],
): Result<MappingSpec, readonly Problem[]> {
  const problems: Problem[] = [];
  let spec = base;
  for (const [index, edit] of edits.entries()) {
    const outcome = applyEdit(spec, edit);
    if (outcome.ok) spec = outcome.value;
    else problems.push({ path: `/edits/${index}`, nearest: [], ...outcome.error });
  }
  return problems.length > 0 ? err(problems) : ok(spec);
}

type Fault = { readonly message: string; readonly nearest?: readonly string[] };

function applyEdit(spec: MappingSpec, edit: Edit): Result<MappingSpec, Fault> {
  if (edit.op === "setSetting") return setSetting(spec, edit.setting, edit.value);
  if (edit.op === "setField")
    return reparse({ ...spec, fields: { ...spec.fields, [edit.field]: edit.template } });
  const table = spec.tables[edit.table];
  if (edit.op === "setOtherwise") {
    if (edit.outcome === null && edit.table !== "acceptOrder")
      return err({ message: `${edit.table} needs an otherwise` });
    return withTable(spec, edit.table, { ...table, otherwise: edit.outcome });
  }
  if (edit.op === "addRule") {
    if (table.rules.some((rule) => rule.id === edit.rule.id)) {
      return err({
        message: `${edit.table} already has a rule "${edit.rule.id}"; choose another id or replaceRule`,
      });
    }
    const rules = edit.position === "first" ? [edit.rule, ...table.rules] : [...table.rules, edit.rule];
    return withTable(spec, edit.table, { ...table, rules });
  }
  const at = table.rules.findIndex((rule) => rule.id === edit.ruleId);
  if (at < 0) {
    return err({
      message: `${edit.table} has no rule "${edit.ruleId}"`,
      nearest: table.rules.map((rule) => rule.id),
    });
  }
  const without = table.rules.toSpliced(at, 1);
  if (edit.op === "removeRule") return withTable(spec, edit.table, { ...table, rules: without });
  if (edit.op === "replaceRule") {
    return withTable(spec, edit.table, { ...table, rules: table.rules.with(at, edit.rule) });
  }
  const moved = table.rules.slice(at, at + 1);
  return withTable(spec, edit.table, { ...table, rules: without.toSpliced(edit.position, 0, ...moved) });
}

function withTable(
  spec: MappingSpec,
  name: TableName,
  table: MappingSpec["tables"][TableName],
): Result<MappingSpec, Fault> {
  const fault = tableFault(name, table);
  if (fault !== undefined) return err({ message: fault });
  return reparse({ ...spec, tables: { ...spec.tables, [name]: table } });
}

/** Which outcomes and facts a table takes: `hold` always, the rest by TABLES. */
export function tableFault(name: TableName, table: MappingSpec["tables"][TableName]): string | undefined {
  const { outcomes, facts } = TABLES[name];
  const kinds: readonly string[] = [...outcomes, "hold"];
  const wrongOutcome = [table.otherwise, ...table.rules.map((rule) => rule.then)].find(
    (outcome) => outcome !== null && !kinds.includes(outcome.kind),
  );
  if (wrongOutcome) return `${name} decides ${kinds.join(" or ")}, not ${wrongOutcome.kind}`;
  const scope = facts === "order" ? [] : [`${facts}.`];
  const wrongFact = table.rules
    .flatMap((rule) => rule.when)
    .find(({ fact }) => !["order.", "payment.", ...scope].some((prefix) => fact.startsWith(prefix)));
  return wrongFact && `${name} cannot look at ${wrongFact.fact}: it decides once per ${facts}`;
}

function setSetting(
  spec: MappingSpec,
  setting: SettingName,
  value: string | null,
): Result<MappingSpec, Fault> {
  const isList = setting === "currencies";
  const parsed = value !== null && isList ? value.split(",").map((part) => part.trim()) : value;
  return reparse({ ...spec, settings: { ...spec.settings, [setting]: parsed } });
}

function reparse(candidate: unknown): Result<MappingSpec, Fault> {
  const parsed = MappingSpecSchema.safeParse(candidate);
  if (parsed.success) return ok(parsed.data);
  const message = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
    .join("; ");
  return err({ message });
}
