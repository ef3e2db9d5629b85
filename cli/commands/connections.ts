import { Connections } from "../../api/schemas/system.ts";
import { ok } from "../../engine/core/result.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { renderTable } from "../table.ts";
import { withOwner } from "./with-owner.ts";

export const connections: Command = {
  usage: "",
  about: "Lists each store with the ledger it is bound to. The first column is what --connection takes.",
  options: {},
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["connections"],
  run: (call, { terminal, ...context }) =>
    withOwner(call, { terminal, ...context }, async (client) => {
      const answer = await client.get("/api/connections", Connections);
      if (!answer.ok) return answer;
      if (call.json) terminal.json(answer.value);
      else
        terminal.print(
          renderTable(answer.value, [
            { title: "id", text: ({ id }) => id },
            { title: "name", text: ({ name }) => name },
            { title: "environment", text: ({ environment }) => environment },
            { title: "store", text: ({ storeUrl }) => storeUrl },
            { title: "ledger", text: ({ ledgerName }) => ledgerName },
          ]),
        );
      return ok(EXIT.done);
    }),
};
