/** What a first spec is made with: questions for people, evidence for what was clear, and the answers given so far. */
import { z } from "zod";
import type { DecisionTable, Outcome } from "./mapping.ts";

export const Question = z.strictObject({
  id: z.string(),
  question: z.string(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string() })),
  assumed: z
    .string()
    .nullable()
    .describe("what the candidate does until it is answered; null: such orders are held"),
});
export type Question = z.infer<typeof Question>;

/** Why the first spec says what it says, for each path. */
export type Evidence = { readonly path: string; readonly because: string };

/** Collects questions and evidence while the spec is made, and gives the answers that people gave. */
export class Notes {
  readonly questions: Question[] = [];
  readonly evidence: Evidence[] = [];
  readonly #answers: Readonly<Record<string, string>>;

  constructor(answers: Readonly<Record<string, string>>) {
    this.#answers = answers;
  }

  because(path: string, because: string): void {
    this.evidence.push({ path, because });
  }

  /** The answer, or the assumption with the question kept. */
  ask(question: Question): string | null {
    const answer = this.#answers[question.id];
    if (answer !== undefined && question.options.some(({ value }) => value === answer)) {
      this.because(question.id, "a person answered it");
      return answer;
    }
    this.questions.push(question);
    return question.assumed;
  }
}

export const always = (otherwise: Outcome): DecisionTable => ({ rules: [], otherwise });
export const hold = (reason: string): Outcome => ({ kind: "hold", reason });
