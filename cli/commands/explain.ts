import { z } from "zod";
import { Explanation } from "../../api/schemas/records.ts";
import type { Explanation as ExplanationShape } from "../../engine/api.ts";
import { ok } from "../../engine/core/result.ts";
import { pathWith } from "../client.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { withOwner } from "./with-owner.ts";

export const explain: Command = {
  usage: "ORDER [--field POINTER]",
  about:
    "Says for every field of every document of an order where its value came from: the field of the order, the rule of the mapping, or the calculation.",
  options: { field: { value: "POINTER", help: "one field, such as /LineItems/0/AccountCode" } },
  words: { min: 1, max: 1, named: "an order number (Magento increment_id)" },
  examples: ["explain 000000012", "explain 000000012 --field /LineItems/0/AccountCode"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const [order = ""] = call.words;
      const path = pathWith(`/api/records/${encodeURIComponent(order)}/explain`, {
        connection: call.connection,
        field: call.text("field"),
      });
      const answer = await client.get(path, z.array(Explanation).readonly());
      if (!answer.ok) return answer;
      if (call.json) context.terminal.json(answer.value);
      else context.terminal.print(explanationText(context.terminal, answer.value));
      return ok(EXIT.done);
    }),
};

function explanationText(terminal: Terminal, explanations: readonly ExplanationShape[]): string {
  const steps = [...new Set(explanations.map(({ step }) => step))];
  return steps
    .map((step) => {
      const fields = explanations.filter((explanation) => explanation.step === step);
      const table = renderTable(fields, [
        { title: "field", text: ({ field }) => field },
        { title: "value", text: ({ value }) => shown(value) },
        { title: "because", text: ({ sentence }) => sentence },
      ]);
      return `${terminal.tone("bold", step)}  ${fields[0]?.resource ?? ""}\n${table}`;
    })
    .join("\n\n");
}

const VALUE_CHARS_MAX = 40;

function shown(value: ExplanationShape["value"]): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= VALUE_CHARS_MAX ? text : `${text.slice(0, VALUE_CHARS_MAX - 1)}…`;
}
