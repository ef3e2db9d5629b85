import { Status } from "../../api/schemas/system.ts";
import type { Status as StatusShape } from "../../engine/api.ts";
import { ok } from "../../engine/core/result.ts";
import { pathWith } from "../client.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { counted, stateText } from "../words.ts";
import { withOwner } from "./with-owner.ts";

export const status: Command = {
  usage: "",
  about:
    "Shows the connection's counts by state, how long the oldest document has waited, the ledger calls that are left, and what both sides add up to.",
  options: {},
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["status", "status --json"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const answer = await client.get(pathWith("/api/status", { connection: call.connection }), Status);
      if (!answer.ok) return answer;
      if (call.json) context.terminal.json(answer.value);
      else context.terminal.print(statusText(context.terminal, answer.value));
      return ok(EXIT.done);
    }),
};

function statusText(terminal: Terminal, status: StatusShape): string {
  const { connection, environment, specVersion, queue, budget, completeAsOf, openProposals } = status;
  const mapping = specVersion === null ? "no mapping yet" : `mapping version ${specVersion}`;
  const oldest = queue.oldestSeconds === null ? "" : `, the oldest for ${Math.round(queue.oldestSeconds)} s`;
  const blocked = budget.blockedUntil === null ? "" : `, blocked until ${budget.blockedUntil}`;
  const lines = [
    `${terminal.tone("bold", connection)}  ${environment}  ${mapping}`,
    "",
    countsText(terminal, "records", status.records),
    countsText(terminal, "documents", status.documents),
    "",
    `Waiting        ${counted(queue.waiting, "document")}${oldest}`,
    `Ledger calls   ${budget.minuteLeft} left this minute, ${budget.dayLeft} today${blocked}`,
    `Complete as of ${completeAsOf ?? "not yet known"}`,
    `Proposals      ${openProposals === 0 ? "none waits for you" : `${openProposals} waiting: counterfoil proposals`}`,
  ];
  return status.postedTotals.length === 0 ? lines.join("\n") : [...lines, "", totalsTable(status)].join("\n");
}

function countsText(terminal: Terminal, about: string, counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).filter(([, count]) => count > 0);
  const list = rows.map(([state, count]) => `${count} ${stateText(terminal, state)}`).join(", ");
  return `${about.padEnd(14)} ${list === "" ? "none" : list}`;
}

const totalsTable = ({ postedTotals }: StatusShape): string =>
  renderTable(postedTotals, [
    { title: "currency", text: ({ currency }) => currency },
    { title: "store", align: "right", text: ({ store }) => store },
    { title: "ledger", align: "right", text: ({ ledger }) => ledger },
    { title: "difference", align: "right", text: ({ difference }) => difference },
  ]);
