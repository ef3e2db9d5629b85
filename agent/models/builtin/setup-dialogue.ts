/** The set-up as a dialogue: which options a person's answer chooses, added to what was answered before. */
import { z } from "zod";
import { ProposalView } from "../../../tools/proposal-view.ts";
import type { Exchange } from "./conversation.ts";
import { similarity } from "./similarity.ts";

const Answers = z.object({ answers: z.array(z.object({ id: z.string(), value: z.string() })).default([]) });
export type SetupAnswer = z.output<typeof Answers>["answers"][number];
type Question = z.output<typeof ProposalView>["questions"][number];

/**
 * All answers so far, when the exchange before asked set-up questions and `said` answers one of them. `undefined` when it does
 * not: then it is a message like any other.
 */
export function setupAnswers(before: Exchange | undefined, said: string): readonly SetupAnswer[] | undefined {
  const setup = before?.called.findLast(({ name, ok }) => name === "propose_setup" && ok);
  const proposal = ProposalView.safeParse(setup?.value);
  if (!proposal.success || proposal.data.questions.length === 0) return undefined;
  const given = Answers.safeParse(setup?.input);
  const fresh = answersIn(said, proposal.data.questions);
  if (fresh.length === 0) return undefined;
  const earlier = given.success ? given.data.answers : [];
  return [...earlier.filter(({ id }) => !fresh.some((answer) => answer.id === id)), ...fresh];
}

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
