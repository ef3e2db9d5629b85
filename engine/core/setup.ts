/** The first spec: what the chart of accounts, the tax rates and the store make clear, with evidence; the rest is asked. */
import { z } from "zod";

export const Question = z.strictObject({
  id: z.string(),
  question: z.string(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string() })),
  assumed: z.string().nullable().describe("what the candidate does until it is answered"),
});
export type Question = z.infer<typeof Question>;
