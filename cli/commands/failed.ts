import { pageOf } from "../../api/schemas/common.ts";
import { RecordView } from "../../api/schemas/records.ts";
import { ok } from "../../engine/core/result.ts";
import { pathWith } from "../client.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { counted, recordText } from "../words.ts";
import { withOwner } from "./with-owner.ts";

const LIMIT = 50;

export const failedRecords: Command = {
  usage: "",
  about:
    "Lists the records that wait for a person: held ones with the field and the next action, failed ones with what the ledger said, uncertain ones whose outcome is being looked up. Newest first.",
  options: { cursor: { value: "CURSOR", help: "go on where the last page ended" } },
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["failed", "failed --json"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const { terminal } = context;
      const path = pathWith("/api/records", {
        connection: call.connection,
        limit: LIMIT,
        cursor: call.text("cursor"),
      });
      const page = await client.get(path, pageOf(RecordView));
      if (!page.ok) return page;
      const { items, total, nextCursor } = page.value;
      if (call.json) terminal.json(page.value);
      else if (items.length === 0) terminal.print("No record waits for a person.");
      else terminal.print(items.map((record) => recordText(terminal, record)).join("\n\n"));
      if (nextCursor !== null)
        terminal.note(`${counted(total, "record")}; more: counterfoil failed --cursor ${nextCursor}`);
      return ok(EXIT.done);
    }),
};
