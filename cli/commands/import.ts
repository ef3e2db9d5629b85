import { z } from "zod";
import { ok, type Result } from "../../engine/core/result.ts";
import { type Client, pathWith } from "../client.ts";
import type { Call, Command } from "../command.ts";
import { EXIT, type Failure } from "../exit.ts";
import { readRowTexts } from "../order-files.ts";
import { counted } from "../words.ts";
import { withOwner } from "./with-owner.ts";

const FILES_MAX = 1_000;
/** Below the API's limit for one body (4 MiB) and for one request (1,000 orders). */
const BYTES_PER_CALL = 2_000_000;
const ORDERS_PER_CALL = 200;

const Imported = z.object({ imported: z.array(z.string()) });

export const importOrders: Command = {
  usage: "FILE...",
  about:
    "Puts Magento orders into the demo store, as they are: what the file says is what the store serves. An order that the store has is replaced. All files are read and checked before the first order is sent. Real stores take no orders this way.",
  options: {},
  words: { min: 1, max: FILES_MAX, named: "an order file" },
  examples: ["import order.json", "import orders-*.json --json"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const orders = await readAll(call, context.cwd);
      if (!orders.ok) return orders;
      const imported: string[] = [];
      for (const body of bodiesOf(orders.value)) {
        const answer = await send(client, call, body);
        if (!answer.ok) return answer;
        imported.push(...answer.value);
      }
      if (call.json) context.terminal.json({ imported });
      else
        context.terminal.print(
          `${counted(imported.length, "order")} in the demo store: ${imported.join(", ")}\nNext: counterfoil sync ${imported[0] ?? "ORDER"}`,
        );
      return ok(EXIT.done);
    }),
};

async function readAll(call: Call, cwd: string): Promise<Result<readonly string[], Failure>> {
  const orders: string[] = [];
  for (const path of call.words) {
    const read = await readRowTexts(cwd, path, "a Magento order (a JSON object)");
    if (!read.ok) return read;
    orders.push(...read.value);
  }
  return ok(orders);
}

/** Array texts of as many orders as fit into one call. */
function bodiesOf(orders: readonly string[]): string[] {
  const groups: string[][] = [];
  let bytes = 0;
  for (const order of orders) {
    const last = groups.at(-1);
    const fits =
      last !== undefined && last.length < ORDERS_PER_CALL && bytes + order.length <= BYTES_PER_CALL;
    if (fits) last.push(order);
    else groups.push([order]);
    bytes = fits ? bytes + order.length : order.length;
  }
  return groups.map((group) => `[${group.join(",")}]`);
}

async function send(client: Client, call: Call, body: string): Promise<Result<readonly string[], Failure>> {
  const path = pathWith("/api/import", { connection: call.connection });
  const answer = await client.postText(path, body, Imported);
  return answer.ok ? ok(answer.value.imported) : answer;
}
