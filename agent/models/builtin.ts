/**
 * The built-in model: deterministic, without a key or a network, behind the same port as Claude. It sees messages and answers
 * with text and tool calls; the loop, the gate and the tools treat it like any other model. Turn one reads, turn two proposes,
 * asks or refuses, turn three reports what the tool said.
 */
import { ProposalView } from "../../tools/proposal-view.ts";
import { NO_USAGE } from "../session.ts";
import { failureOf, failureText, resultOf } from "./builtin/answers/answer.ts";
import { ordersAnswer } from "./builtin/answers/orders.ts";
import { proposalsAnswer, proposalText, questionsText } from "./builtin/answers/proposals.ts";
import { mappingAnswer, stateAnswer } from "./builtin/answers/state.ts";
import { callsIn, type Exchange, exchangesOf } from "./builtin/conversation.ts";
import { planExchanges } from "./builtin/requests.ts";
import { type Route, routeOf, type ToolCall } from "./builtin/router.ts";
import { NO_OPTION, setupTurn } from "./builtin/setup-dialogue.ts";
import { SHOP_TOOLS, shopOf } from "./builtin/shop.ts";
import type { AssistantBlock, Message, Model, ModelEvent } from "./model.ts";

export function builtinModel(): Model {
  return { id: "builtin", stream };
}

type Reply = { readonly text: string; readonly calls: readonly ToolCall[] };
const say = (text: string): Reply => ({ text, calls: [] });

async function* stream({ messages }: { readonly messages: readonly Message[] }): AsyncGenerator<ModelEvent> {
  const { text, calls } = replyTo(exchangesOf(messages));
  if (text !== "") yield { kind: "text", text };
  const from = callsIn(messages);
  const content: AssistantBlock[] = [
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...calls.map(({ name, input }, index) => ({
      type: "tool_use" as const,
      id: `builtin-${from + index + 1}`,
      name,
      input,
    })),
  ];
  yield { kind: "answer", answer: { content, stop: calls.length > 0 ? "toolUse" : "end", usage: NO_USAGE } };
}

function replyTo(exchanges: readonly Exchange[]): Reply {
  const now = exchanges.at(-1);
  if (now === undefined) return say(HELP);
  const setup = setupTurn(exchanges, now.said);
  if (setup?.kind === "answered") return setupReply(now, setup.answers);
  if (setup?.kind === "unmatched") return say(`${NO_OPTION} ${questionsText(setup.questions)}`);
  const route = routeOf(now.said);
  switch (route.kind) {
    case "help":
      return say(HELP);
    case "setup":
      return setupReply(now, []);
    case "calls":
    case "mapping":
    case "advice":
      return now.called.length === 0 ? { text: "", calls: route.calls } : say(answerTo(now, route));
    case "change":
      return changeReply(exchanges, now, route.calls);
  }
}

function setupReply(
  now: Exchange,
  answers: readonly { readonly id: string; readonly value: string }[],
): Reply {
  if (now.called.length === 0) return { text: "", calls: [{ name: "propose_setup", input: { answers } }] };
  return say(proposedText(now, "propose_setup", []));
}

function answerTo(now: Exchange, route: Route): string {
  const answer =
    route.kind === "mapping" || route.kind === "advice"
      ? withAdvice(route, mappingAnswer(now.said, now.called))
      : (proposalsAnswer(now.called) ??
        preparedText(now) ??
        ordersAnswer(now.called) ??
        stateAnswer(now.called));
  if (answer !== undefined) return answer;
  const failure = failureOf(now.called);
  return failure === undefined ? "I have no answer to that." : failureText(failure);
}

const withAdvice = (route: Route, answer: string | undefined): string | undefined =>
  route.kind === "advice" && answer !== undefined
    ? `What is right for your books is for you and your accountant to say. ${answer}\nTell me what to change, and I propose it with a replay.`
    : answer;

const preparedText = (now: Exchange): string | undefined =>
  ["create_invoice", "upsert_contact"].some((name) =>
    now.called.some((call) => call.name === name && call.ok),
  )
    ? proposedText(now, now.called.at(-1)?.name ?? "", [])
    : undefined;

/** Read, then propose, then report. */
function changeReply(exchanges: readonly Exchange[], now: Exchange, reads: readonly ToolCall[]): Reply {
  if (now.called.length === 0) return { text: "", calls: reads };
  const shop = shopOf(new Map(now.called.filter(({ ok }) => ok).map(({ name, value }) => [name, value])));
  if (shop === undefined) {
    const failure = SHOP_TOOLS.map((name) => failureOf(now.called, name)).find((one) => one !== undefined);
    return say(failure === undefined ? "I could not read the shop's lists." : failureText(failure));
  }
  const plan = planExchanges(exchanges, shop);
  const proposed = now.called.some(({ name }) => name === "propose_mapping");
  switch (plan.kind) {
    case "edits":
      return proposed
        ? say(proposedText(now, "propose_mapping", plan.remarks))
        : { text: "", calls: [{ name: "propose_mapping", input: { title: plan.title, edits: plan.edits } }] };
    case "nothing":
      return say(`The mapping does this already: ${plan.titles.join("; ")}. Nothing has to change.`);
    case "ask":
      return say(plan.question);
    case "refuse":
      return say(`That is beyond me. ${plan.text}`);
    case "unclear":
      return say(UNCLEAR);
  }
}

function proposedText(now: Exchange, tool: string, remarks: readonly string[]): string {
  const proposal = resultOf(now.called, tool, ProposalView);
  if (proposal !== undefined) return proposalText(proposal, remarks);
  const failure = failureOf(now.called, tool);
  return failure === undefined
    ? "Nothing was proposed."
    : `I could not propose this. ${failureText(failure)}`;
}

const CAN_DO =
  "I can say or change how orders are booked: accounts for sales, shipping, discounts and fees; tax types; payments and clearing " +
  "accounts; payment terms; drafts or approved invoices; tracking; contacts for guests; orders to hold for review; invoice " +
  "numbers, references and other texts; tax inclusive or exclusive amounts.";

const HELP = `${CAN_DO} I can also tell you how many orders failed, where an order stands, what it would become and why a number is what it is, and propose the first mapping ("set up"). A person approves every change.`;

const UNCLEAR = `I did not understand what should change. ${CAN_DO} For example: "Sales to the group Wholesale go to account 205." Could you say it in another way?`;
