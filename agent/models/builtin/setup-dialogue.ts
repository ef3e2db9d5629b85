/** The set-up as a dialogue: which options a person's answer chooses, added to what was answered before. */
import { z } from "zod";
import { ProposalView } from "../../../tools/proposal-view.ts";
import type { Exchange } from "./conversation.ts";
import { similarity } from "./similarity.ts";

const Answers = z.object({ answers: z.array(z.object({ id: z.string(), value: z.string() })).default([]) });
export type SetupAnswer = z.output<typeof Answers>["answers"][number];
export type Question = z.output<typeof ProposalView>["questions"][number];

export type SetupTurn =
  | { readonly kind: "answered"; readonly answers: readonly SetupAnswer[] }
  /** it looks like an answer, and is none of the options */
  | { readonly kind: "unmatched"; readonly questions: readonly Question[] };

/** What `said` is when the exchanges before asked set-up questions; `undefined` when it is a message like any other. */
export function setupTurn(exchanges: readonly Exchange[], said: string): SetupTurn | undefined {
  const before = exchanges.slice(0, -1).findLast(({ answered }) => !answered.startsWith(NO_OPTION));
  const setup = before?.called.findLast(({ name, ok }) => name === "propose_setup" && ok);
  const proposal = ProposalView.safeParse(setup?.value);
  if (!proposal.success || proposal.data.questions.length === 0) return undefined;
  const given = Answers.safeParse(setup?.input);
  const fresh = answersIn(said, proposal.data.questions);
  if (fresh.length === 0)
    return NUMBERED.test(said) ? { kind: "unmatched", questions: proposal.data.questions } : undefined;
  const earlier = given.success ? given.data.answers : [];
  const kept = earlier.filter(({ id }) => !fresh.some((answer) => answer.id === id));
  return { kind: "answered", answers: [...kept, ...fresh] };
}

/** How an answer that fits no option is met; the questions stay open after it. */
export const NO_OPTION = "That is none of the options.";
const NUMBERED = /^\s*\d{1,2}\s*[:.)=-]/;

function answersIn(said: string, questions: readonly Question[]): SetupAnswer[] {
  const parts = said.split(/[\n;,]| and (?=\d+\s*[:.)=])/).filter((part) => part.trim() !== "");
  const numbered = parts.flatMap((part): SetupAnswer[] => {
    const [, number, text = ""] = /^\s*(\d{1,2})\s*[:.)=-]\s*(.+)$/.exec(part) ?? [];
    const question = number === undefined ? undefined : questions[Number(number) - 1];
    return question === undefined ? [] : answer(question, text);
  });
  if (numbered.length > 0) return numbered;
  const [only] = questions;
  if (questions.length === 1 && only !== undefined) return answer(only, said);
  const inOrder =
    parts.length === questions.length
      ? questions.flatMap((question, index) => answer(question, parts[index] ?? ""))
      : [];
  return inOrder.length === questions.length ? inOrder : [];
}

const LABEL_SCORE_MIN = 0.5;

/** By the option's value as a word of the answer, else by the most similar label. */
function answer({ id, options }: Question, text: string): SetupAnswer[] {
  const words = text.toLowerCase().split(/[^\p{L}\d_.-]+/u);
  const exact = options.find(({ value }) => words.includes(value.toLowerCase()));
  if (exact !== undefined) return [{ id, value: exact.value }];
  const [best] = options
    .map((option) => ({ option, score: similarity(text, option.label.slice(option.value.length).trim()) }))
    .toSorted((a, b) => b.score - a.score);
  return best !== undefined && best.score >= LABEL_SCORE_MIN ? [{ id, value: best.option.value }] : [];
}
