import { pageOf } from "../../api/schemas/common.ts";
import { Spec } from "../../api/schemas/proposals.ts";
import { err, ok } from "../../engine/core/result.ts";
import { type Client, pathWith } from "../client.ts";
import type { Call, Command, Context } from "../command.ts";
import { badInput, EXIT } from "../exit.ts";
import { renderTable } from "../table.ts";
import { withOwner } from "./with-owner.ts";

const LIMIT = 50;

export const specs: Command = {
  usage: "[VERSION|current]",
  about:
    "Lists the published versions of the mapping, newest first. With a version, or with `current`, it prints that mapping as JSON: the very file that `plan --spec` takes.",
  options: {},
  words: { min: 0, max: 1, named: "a version or `current`" },
  examples: ["specs", "specs current > spec.json"],
  run: (call, context) =>
    withOwner(call, context, (client) => {
      const [version] = call.words;
      return version === undefined ? list(client, call, context) : show(client, version, call, context);
    }),
};

async function list(client: Client, call: Call, { terminal }: Context) {
  const page = await client.get(
    pathWith("/api/specs", { connection: call.connection, limit: LIMIT }),
    pageOf(Spec),
  );
  if (!page.ok) return page;
  const { items } = page.value;
  if (call.json) terminal.json(page.value);
  else if (items.length === 0)
    terminal.print("No mapping is published yet: counterfoil setup proposes the first.");
  else
    terminal.print(
      renderTable(items, [
        { title: "version", align: "right", text: ({ version }) => String(version) },
        { title: "published", text: ({ publishedAt }) => publishedAt },
        { title: "by", text: ({ publishedBy }) => publishedBy },
        { title: "note", text: ({ note }) => note },
      ]),
    );
  return ok(EXIT.done);
}

async function show(client: Client, version: string, call: Call, { terminal }: Context) {
  if (version !== "current" && !/^[1-9]\d{0,8}$/.test(version)) {
    return err(
      badInput(
        `"${version}" is no version; a whole number or "current" was expected.`,
        "See: counterfoil specs",
      ),
    );
  }
  const spec = await client.get(pathWith(`/api/specs/${version}`, { connection: call.connection }), Spec);
  if (!spec.ok) return spec;
  terminal.json(call.json ? spec.value : spec.value.spec);
  return ok(EXIT.done);
}
