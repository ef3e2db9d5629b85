import { z } from "zod";
import { lineAccountFault, paymentAccountFault } from "../engine/core/account-faults.ts";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped } from "./untrusted.ts";
import { limitOf } from "./views.ts";

export const ChartOfAccounts = z.object({
  accounts: z.array(
    z.object({
      code: z.string().nullable().describe("null for a bank account without one; it cannot be used"),
      name: z.string(),
      type: z.string().describe("Xero account type, e.g. REVENUE, BANK, CURRLIAB"),
      use: z.array(z.enum(["line", "payment"])).describe("what a mapping may use it for"),
    }),
  ),
  total: z.int().describe("how many match; more than shown means: search"),
});

export const getChartOfAccounts = defineTool({
  name: "get_chart_of_accounts",
  title: "Read the chart of accounts",
  description:
    "The ledger's own accounts. The only source for account codes: a code that is not here does not exist, and guessing one is " +
    "wrong. `use` says whether an invoice line, a payment or neither may use it. Read it before propose_mapping.",
  effect: "read",
  input: z.object({
    search: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe("part of a code or name; leave out for all"),
    limit: limitOf(300, 200),
  }),
  output: ChartOfAccounts,
  run: async ({ search, limit }, { engine, connection }) => {
    const profile = await engine.profile(connection);
    if (!profile.ok) return failed(profile.error);
    const wanted = search?.toLowerCase() ?? "";
    const matching = profile.value.org.accounts.filter(({ code, name }) =>
      `${code ?? ""} ${name}`.toLowerCase().includes(wanted),
    );
    const accounts = matching.slice(0, limit).map((account) => ({
      code: account.code,
      name: capped(account.name, 60),
      type: account.type,
      use: [
        ...(lineAccountFault(account) === undefined ? (["line"] as const) : []),
        ...(paymentAccountFault(account) === undefined ? (["payment"] as const) : []),
      ],
    }));
    return ok({ accounts, total: matching.length });
  },
});
