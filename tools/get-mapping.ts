import { z } from "zod";
import { DecisionTable, Fields, Settings, TABLES, TableName } from "../engine/core/mapping.ts";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped } from "./untrusted.ts";

/** Rules of one table shown when all tables are asked for; more come with `table`. */
const RULES_SHOWN_MAX = 40;

export const MappingView = z.object({
  version: z.int(),
  publishedAt: z.string(),
  publishedBy: z.string(),
  note: z.string(),
  settings: Settings,
  fields: Fields,
  tables: z.array(
    z.object({
      table: TableName,
      about: z.string().describe("what the table decides"),
      decides: z.array(z.string()).describe("kinds of outcome that its rules may have; hold besides"),
      facts: z
        .enum(["line", "order", "fee", "refund", "shipment"])
        .describe(
          "which facts its rules may read: order.* and payment.* always, those of this prefix besides",
        ),
      rulesTotal: z.int(),
      ...DecisionTable.shape,
    }),
  ),
});

export const getMapping = defineTool({
  name: "get_mapping",
  title: "Read the mapping",
  description:
    "The approved mapping: settings, decision tables (first matching rule wins, else `otherwise`) and field templates. Read it " +
    "before every propose_mapping: edits name its tables and rule ids. Also use it to answer how orders are booked today. " +
    "A failure of kind noMapping means that propose_setup comes first.",
  effect: "read",
  input: z.object({
    version: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe("an older version; leave out for the current one"),
    table: TableName.nullable().default(null).describe("only this table; leave out for all"),
  }),
  output: MappingView,
  run: async ({ version, table }, { engine, connection }) => {
    const found =
      version === null ? await engine.currentSpec(connection) : await engine.specVersion(connection, version);
    if (!found.ok) return failed(found.error);
    const { spec, ...published } = found.value;
    const wanted = table === null ? TableName.options : [table];
    return ok({
      version: published.version,
      publishedAt: published.publishedAt,
      publishedBy: published.publishedBy,
      note: capped(published.note),
      settings: spec.settings,
      fields: spec.fields,
      tables: wanted.map((name) => {
        const { rules, otherwise } = spec.tables[name];
        const shown = table === null ? rules.slice(0, RULES_SHOWN_MAX) : rules;
        return {
          table: name,
          about: TABLES[name].about,
          decides: [...TABLES[name].outcomes],
          facts: TABLES[name].facts,
          rulesTotal: rules.length,
          rules: shown,
          otherwise,
        };
      }),
    });
  },
});
