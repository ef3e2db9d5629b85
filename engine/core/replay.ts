/** Old spec, new spec, past sales -> what would change. The proof that comes before an approval. */
import { z } from "zod";
import { Hold } from "./hold.ts";

export const ReplayChange = z.strictObject({
  field: z.string().describe("e.g. account, taxType, total, lines, contact, payment"),
  before: z.string().nullable(),
  after: z.string().nullable(),
  orders: z.int(),
});

export const ReplayExample = z.strictObject({
  order: z.string(),
  currency: z.string(),
  total: z.string(),
  differences: z.array(
    z.strictObject({
      step: z.string(),
      field: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

export const Replay = z.strictObject({
  orders: z.int().describe("past orders replayed"),
  from: z.string().nullable(),
  to: z.string().nullable(),
  changed: z.int(),
  totalsChanged: z.int().describe("orders whose invoice total would differ"),
  difference: z
    .array(z.strictObject({ currency: z.string(), amount: z.string() }))
    .describe("sum of the total differences"),
  newlyHeld: z.int(),
  newlyPlanned: z.int(),
  stillHeld: z.int(),
  heldBy: z.array(z.strictObject({ hold: Hold, orders: z.int() })),
  changes: z.array(ReplayChange).describe("kinds of change with the number of orders, most first"),
  examples: z.array(ReplayExample).max(20),
  sentence: z.string(),
});
export type Replay = z.infer<typeof Replay>;
