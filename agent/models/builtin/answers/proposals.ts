/** What a proposal would do, as its replay says; and where a person decides. */
import type { z } from "zod";
import { ProposalList } from "../../../../tools/list-proposals.ts";
import { ProposalView } from "../../../../tools/proposal-view.ts";
import { ApprovalRequest } from "../../../../tools/request-approval.ts";
import type { Called } from "../conversation.ts";
import { listed, resultOf } from "./answer.ts";
import { planText } from "./orders.ts";

type Proposal = z.output<typeof ProposalView>;

const CHANGES_SHOWN_MAX = 5;

export function proposalText(proposal: Proposal, remarks: readonly string[] = []): string {
  const parts = [
    `${proposal.state === "open" ? "I propose" : "Proposal"}: ${proposal.title}.`,
    proposal.replay === null ? "" : `Replay: ${proposal.replay.sentence}`,
    changesText(proposal.replay),
    proposal.document === null ? "" : planText(proposal.document.plan),
    ...remarks,
    questionsText(proposal.questions),
    decisionText(proposal),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function changesText(replay: Proposal["replay"]): string {
  const changes = (replay?.changes ?? [])
    .slice(0, CHANGES_SHOWN_MAX)
    .map(({ field, before, after, orders }) => {
      const values = before === null && after === null ? "" : ` ${before ?? "none"} to ${after ?? "none"}`;
      return `${field}:${values || " changes"} (${orders} ${orders === 1 ? "order" : "orders"})`;
    });
  return changes.length === 0 ? "" : `What changes:\n${listed(changes)}`;
}

export function questionsText(questions: Readonly<Proposal["questions"]>): string {
  if (questions.length === 0) return "";
  const lines = questions.map(({ question, options, assumed }, index) => {
    const choices = options.slice(0, 8).map(({ label }) => label);
    const until = assumed === null ? "such orders are held until it is answered" : `until then: ${assumed}`;
    return `${index + 1}. ${question} ${choices.join(" / ")} (${until})`;
  });
  return `Please answer, for example "1: ${questions[0]?.options[0]?.value ?? ""}":\n${lines.join("\n")}`;
}

const decisionText = ({ state, approve }: Proposal): string =>
  state === "open"
    ? `Nothing changes until a person approves it: ${approve.url} (or: ${approve.command})`
    : `It is ${state}.`;

export function proposalsAnswer(called: readonly Called[]): string | undefined {
  const list = resultOf(called, "list_proposals", ProposalList);
  if (list !== undefined) {
    if (list.proposals.length === 0) return "No proposal is waiting.";
    const lines = list.proposals.map(({ proposal, title, state, changed, replayed }) => {
      const impact = changed === null ? "" : `, ${changed} of ${replayed} past orders change`;
      return `${proposal}: ${title} (${state}${impact})`;
    });
    return `Proposals (${list.total}):\n${listed(lines, 20)}`;
  }
  const request = resultOf(called, "request_approval", ApprovalRequest);
  if (request !== undefined)
    return request.state === "open"
      ? `I cannot approve anything; a person can. "${request.title}" is decided here: ${request.approve.url} (or: ${request.approve.command})`
      : `"${request.title}" is ${request.state} already.`;
  const shown = resultOf(called, "preview_proposal", ProposalView);
  return shown && proposalText(shown);
}
