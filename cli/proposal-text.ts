/** A proposal for a person in a terminal: what changes, what the replay shows, what is still asked. */
import type { ProposalView } from "../api/schemas/proposals.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { moneyText, stateText } from "./words.ts";

export function proposalText(terminal: Terminal, proposal: ProposalView): string {
  const { id, title, state, proposedBy, expiresAt, approveLabel } = proposal;
  const parts = [
    `${terminal.tone("bold", title)}`,
    `${id}  ${stateText(terminal, state)}  proposed by ${proposedBy}, good until ${expiresAt}`,
    changesText(terminal, proposal),
    replayText(terminal, proposal),
    documentText(proposal),
    questionsText(terminal, proposal),
  ];
  if (state === "open") parts.push(`${approveLabel}: counterfoil proposals approve ${id}`);
  return parts.filter((part) => part !== "").join("\n\n");
}

/** One change a paragraph, since a rule can be a long sentence; a decision table has one rule a line. */
function changesText(terminal: Terminal, { changes }: ProposalView): string {
  const texts = changes.map(({ what, before, after, why }) => {
    const values = [...valueLines("-", before), ...valueLines("+", after)];
    const reason = why === null ? [] : [terminal.tone("dim", `    because ${why}`)];
    return [`  ${what}`, ...values, ...reason].join("\n");
  });
  return texts.join("\n");
}

const valueLines = (sign: string, value: string | null): string[] =>
  value === null ? [] : value.split("; ").map((part) => `    ${sign} ${part}`);

function replayText(terminal: Terminal, { replay }: ProposalView): string {
  if (replay === null) return "";
  const changes = renderTable(replay.changes, [
    { title: "field", text: ({ field }) => field },
    { title: "before", text: ({ before }) => before ?? "" },
    { title: "after", text: ({ after }) => after ?? "" },
    { title: "orders", align: "right", text: ({ orders }) => String(orders) },
  ]);
  const held = replay.heldBy.map(({ hold, orders }) => `  ${orders} held: ${hold}`);
  const sentence = terminal.tone("bold", replay.sentence);
  return [sentence, ...(replay.changes.length === 0 ? [] : [changes]), ...held].join("\n");
}

function documentText({ document }: ProposalView): string {
  if (document === null) return "";
  const { order, plan, steps } = document;
  const total = plan.checks.find(({ name }) => name === "total");
  const amount = total === undefined ? "" : `, ${moneyText(total.actual, total.currency)}`;
  return `Order ${order}: ${steps.join(", ")}${amount}`;
}

function questionsText(terminal: Terminal, { questions }: ProposalView): string {
  const texts = questions.map(({ id, question, options, assumed }) => {
    const chosen = options.find(({ value }) => value === assumed)?.label;
    const until = chosen === undefined ? "until then such orders are held" : `until then: ${chosen}`;
    const list = options.map(({ value, label }) => `    --answer ${id}=${value}  ${label}`);
    return [`  ${question} (${until})`, ...list].join("\n");
  });
  return texts.length === 0 ? "" : [terminal.tone("bold", "Still asked"), ...texts].join("\n");
}
