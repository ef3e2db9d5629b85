import { pageOf } from "../../api/schemas/common.ts";
import { ProposalView } from "../../api/schemas/proposals.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type Client, pathWith } from "../client.ts";
import type { Call, Command, Context } from "../command.ts";
import { badInput, EXIT, type Exit, type Failure, failed } from "../exit.ts";
import { askLine } from "../prompt.ts";
import { proposalText } from "../proposal-text.ts";
import { renderTable } from "../table.ts";
import { stateText } from "../words.ts";
import { withOwner } from "./with-owner.ts";

const LIMIT = 50;
const VERBS = ["list", "show", "approve", "reject"] as const;
type Verb = (typeof VERBS)[number];
type Ended = Promise<Result<Exit, Failure>>;

export const proposals: Command = {
  usage: "[list | show ID | approve ID | reject ID]",
  about:
    "Proposals are changes that wait for a person. `show` prints what would change and the replay on past orders; `approve` shows the same, and in a terminal asks once more. Only people decide: no model has a way to do this.",
  options: {
    all: { help: "list: decided ones as well" },
    note: { value: "TEXT", help: "approve, reject: why, for the audit" },
    confirm: {
      value: "N",
      help: "approve: how many it affects, where you approve what you proposed yourself",
    },
    yes: { help: "approve: do not ask once more" },
  },
  words: { min: 0, max: 2, named: "list, or show, approve or reject with an ID" },
  examples: [
    "proposals",
    "proposals show ID",
    'proposals approve ID --note "agreed with Ms Grey"',
    "proposals reject ID",
  ],
  run: (call, context) => {
    const [verb = "list", id] = call.words;
    return withOwner(call, context, (client) => runVerb(verb, id, { client, call, context }));
  },
};

type Deps = { readonly client: Client; readonly call: Call; readonly context: Context };

async function runVerb(verb: string, id: string | undefined, deps: Deps): Ended {
  const known = VERBS.find((candidate): candidate is Verb => candidate === verb);
  if (known === undefined) {
    return err(
      badInput(
        `proposals: "${verb}" is not one of ${VERBS.join(", ")}.`,
        "See: counterfoil proposals --help",
      ),
    );
  }
  if (known === "list") return list(deps);
  if (id === undefined)
    return err(badInput(`proposals ${known}: the ID is missing.`, "IDs: counterfoil proposals list"));
  const proposal = await deps.client.get(addressOf(id, deps), ProposalView);
  if (!proposal.ok) return proposal;
  return known === "show" ? show(proposal.value, deps) : decide(known, proposal.value, deps);
}

const addressOf = (id: string, { call }: Deps, verb = ""): string =>
  pathWith(`/api/proposals/${encodeURIComponent(id)}${verb}`, { connection: call.connection });

async function list({ client, call, context: { terminal } }: Deps): Ended {
  const state = call.has("all") ? undefined : "open";
  const path = pathWith("/api/proposals", { connection: call.connection, limit: LIMIT, state });
  const page = await client.get(path, pageOf(ProposalView));
  if (!page.ok) return page;
  const { items } = page.value;
  if (call.json) terminal.json(page.value);
  else if (items.length === 0) terminal.print("No proposal waits for you.");
  else
    terminal.print(
      renderTable(items, [
        { title: "id", text: ({ id }) => id },
        { title: "state", text: (proposal) => stateText(terminal, proposal.state) },
        { title: "affects", align: "right", text: ({ affects }) => String(affects) },
        { title: "proposed by", text: ({ proposedBy }) => proposedBy },
        { title: "title", text: ({ title }) => title },
      ]),
    );
  return ok(EXIT.done);
}

async function show(proposal: ProposalView, { call, context: { terminal } }: Deps): Ended {
  if (call.json) terminal.json(proposal);
  else terminal.print(proposalText(terminal, proposal));
  return ok(EXIT.done);
}

async function decide(verb: "approve" | "reject", proposal: ProposalView, deps: Deps): Ended {
  const { client, call, context } = deps;
  const { terminal } = context;
  if (!call.json) terminal.print(proposalText(terminal, proposal));
  const confirmed = verb === "approve" ? await confirm(proposal, deps) : ok({});
  if (!confirmed.ok) return confirmed;
  const body = { digest: proposal.digest, note: call.text("note") ?? null, ...confirmed.value };
  const decided = await client.post(addressOf(proposal.id, deps, `/${verb}`), body, ProposalView);
  if (!decided.ok) return decided;
  const { state, publishedVersion } = decided.value;
  if (call.json) terminal.json(decided.value);
  else if (publishedVersion !== null)
    terminal.print(`\nApproved: mapping version ${publishedVersion} decides from now on.`);
  else terminal.print(`\nIt is ${state} now.`);
  return ok(state === (verb === "approve" ? "approved" : "rejected") ? EXIT.done : EXIT.failed);
}

/** The count that the server wants confirmed, typed by a person or given as --confirm. */
async function confirm(
  { approveLabel, confirmOrders }: ProposalView,
  { call, context }: Deps,
): Promise<Result<{ readonly confirmOrders?: number }, Failure>> {
  const given = call.text("confirm");
  if (given !== undefined && !/^\d{1,9}$/.test(given)) {
    return err(
      badInput(
        `--confirm ${given}: a whole number was expected.`,
        "`counterfoil proposals show ID` says how many.",
      ),
    );
  }
  if (given !== undefined) return ok({ confirmOrders: Number(given) });
  const mayAsk = context.terminal.interactive && !call.json && !call.has("yes");
  if (confirmOrders === null) {
    const agreed = !mayAsk || /^y(es)?$/i.test(await askLine(`${approveLabel}? [y/N] `, context.stop));
    return agreed ? ok({}) : err(NOT_APPROVED);
  }
  if (!mayAsk) {
    const message = "You proposed this yourself, so its count has to be confirmed.";
    return err(badInput(message, `Add --confirm ${confirmOrders}.`));
  }
  const typed = await askLine(
    `You proposed this yourself. Type how many it affects to approve it: `,
    context.stop,
  );
  return typed.trim() === String(confirmOrders) ? ok({ confirmOrders }) : err(NOT_APPROVED);
}

const NOT_APPROVED = failed("notApproved", "Not approved; nothing has changed.", "");
