/** Which request is on the table: a new one, or an earlier one whose open question has just been answered. */
import type { Exchange } from "./conversation.ts";
import { type Plan, planRequest } from "./planner.ts";
import { routeOf } from "./router.ts";
import type { Shop } from "./shop.ts";

/** The plan for the last of `exchanges`. Questions asked earlier are found again by planning again: nothing else is remembered. */
export function planExchanges(exchanges: readonly Exchange[], shop: Shop): Plan {
  let open: Extract<Plan, { kind: "ask" }> | undefined;
  for (const { said, answered } of exchanges.slice(0, -1)) {
    if (routeOf(said).kind !== "change") continue;
    const plan = planNext(open, said, shop);
    open = plan.kind === "ask" && answered.includes(plan.question) ? plan : undefined;
  }
  return planNext(open, exchanges.at(-1)?.said ?? "", shop);
}

const WORDS_OF_AN_ANSWER_MAX = 3;

/** A message that is a whole wish of something else is no answer, unless it is as short as answers are. */
function planNext(open: Extract<Plan, { kind: "ask" }> | undefined, said: string, shop: Shop): Plan {
  const alone = planRequest(said, shop);
  if (open === undefined) return alone;
  const together = planRequest(open.answered(said), shop);
  const isWhole = alone.kind === "edits" || alone.kind === "nothing" || alone.kind === "refuse";
  const answersNothing = together.kind === "ask" && together.question === open.question;
  if (answersNothing) return isWhole ? alone : together;
  const isShort = said.trim().split(/\s+/).length <= WORDS_OF_AN_ANSWER_MAX;
  return !isWhole || isShort || sameSubject(alone, together) ? together : alone;
}

const sameSubject = (alone: Plan, together: Plan): boolean =>
  alone.kind === "edits" &&
  together.kind === "edits" &&
  alone.edits.every((edit) => together.edits.some((other) => subjectOf(other) === subjectOf(edit)));

const subjectOf = (edit: Extract<Plan, { kind: "edits" }>["edits"][number]): string =>
  "table" in edit ? edit.table : "setting" in edit ? edit.setting : edit.field;
