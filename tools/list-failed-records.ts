import { z } from "zod";
import type { RecordView } from "../engine/api.ts";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped, Include, Untrusted, untrusted } from "./untrusted.ts";
import { Amount, Cursor, limitOf, NextCursor, recordTexts } from "./views.ts";

const REASONS_SHOWN_MAX = 20;

export const FailedRecords = z.object({
  records: z.array(
    z.object({
      order: z.string(),
      state: z.string().describe("held, failed or uncertain"),
      reason: z.string().nullable().describe("class of the hold or of the ledger's refusal"),
      total: Amount.nullable(),
      currency: z.string().nullable(),
      changedAt: z.string(),
    }),
  ),
  reasons: z.array(
    z.object({
      reason: z.string(),
      orders: z.int().describe("on this page"),
      field: z.string().nullable(),
      example: z.string().nullable().describe("what was found and expected for one of them"),
      action: z.string().nullable().describe("the next useful action for a person"),
    }),
  ),
  total: z.int().describe("how many wait in all"),
  nextCursor: NextCursor,
  untrusted: Untrusted,
});

export const listFailedRecords = defineTool({
  name: "list_failed_records",
  title: "List held and failed orders",
  description:
    "Orders that wait for a person: held (a rule or a check stopped them), failed (the ledger refused) or uncertain (the answer " +
    'was lost and is being looked up). `reasons` groups this page by class of reason with one example. Use it for "what is ' +
    'stuck?". Next: get_order or preview_order for one, propose_mapping when a rule is missing, retry_record when the cause is gone.',
  effect: "read",
  input: z.object({ limit: limitOf(100, 20), cursor: Cursor, include: Include }),
  output: FailedRecords,
  run: async ({ limit, cursor, include }, { engine, connection, session }) => {
    const page = await engine.failed(connection, { limit, ...(cursor !== null && { cursor }) });
    if (!page.ok) return failed(page.error);
    const { items, total, nextCursor } = page.value;
    return ok({
      records: items.map((record) => ({
        order: record.order,
        state: record.state,
        reason: reasonOf(record),
        total: record.total,
        currency: record.currency,
        changedAt: record.changedAt,
      })),
      reasons: reasonsOf(items),
      total,
      nextCursor,
      untrusted: untrusted(
        include,
        session,
        items.flatMap((record) =>
          recordTexts(record).map(([field, text]) => [`${record.order} ${field}`, text] as const),
        ),
      ),
    });
  },
});

const reasonOf = (record: RecordView): string | null =>
  record.hold?.hold ?? record.documents.find(({ error }) => error !== null)?.error?.kind ?? null;

function reasonsOf(records: readonly RecordView[]) {
  const groups = Map.groupBy(records, (record) => reasonOf(record) ?? "unknown");
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, REASONS_SHOWN_MAX)
    .map(([reason, members]) => {
      const hold = members[0]?.hold ?? null;
      return {
        reason,
        orders: members.length,
        field: hold?.field ?? null,
        example: hold === null ? null : capped(hold.detail, 250),
        action: hold === null ? null : capped(hold.action, 200),
      };
    });
}
