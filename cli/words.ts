/** Records, documents and holds in a terminal's words; the same for every command. */
import type { DocumentView, RecordView } from "../engine/api.ts";
import type { Held } from "../engine/core/hold.ts";
import { ruleOfHold } from "../engine/core/hold-guide.ts";
import { renderTable } from "./table.ts";
import type { Terminal, Tone } from "./terminal.ts";

const TONES: Readonly<Record<string, Tone>> = {
  delivered: "green",
  reconciled: "green",
  posted: "green",
  held: "yellow",
  uncertain: "yellow",
  drifted: "yellow",
  failed: "red",
};

export const stateText = ({ tone }: Terminal, state: string): string => {
  const colour = TONES[state];
  return colour === undefined ? state : tone(colour, state);
};

export const moneyText = (amount: string | null, currency: string | null): string =>
  amount === null ? "" : `${amount} ${currency ?? ""}`.trim();

/** What a person has to know to act: the reason, the field, what would decide it, and what to do. */
export function heldText(terminal: Terminal, { hold, field, detail, action }: Held): string {
  return `${terminal.tone("yellow", `held (${hold})`)} at ${field}\n  ${detail}\n  ${ruleOfHold(hold)}\n  ${action}`;
}

export function recordText(terminal: Terminal, record: RecordView): string {
  const { order, state, hold, total, currency, documents } = record;
  const head =
    `${terminal.tone("bold", order)}  ${stateText(terminal, state)}  ${moneyText(total, currency)}`.trimEnd();
  const parts = [head];
  if (documents.length > 0) parts.push(indented(documentTable(terminal, documents)));
  for (const { step, error } of documents) {
    for (const message of error?.messages ?? []) parts.push(`  ${step}: ${message}`);
  }
  if (hold !== null) parts.push(indented(heldText(terminal, hold)));
  return parts.join("\n");
}

const documentTable = (terminal: Terminal, documents: readonly DocumentView[]): string =>
  renderTable(documents, [
    { title: "document", text: ({ step }) => step },
    { title: "in the ledger", text: ({ number, ledgerId, resource }) => number ?? ledgerId ?? resource },
    { title: "total", align: "right", text: ({ total, currency }) => moneyText(total, currency) },
    { title: "state", text: ({ state }) => stateText(terminal, state) },
  ]);

const indented = (text: string): string => text.replaceAll(/^/gm, "  ");

/** "1 order", "2 orders" */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
