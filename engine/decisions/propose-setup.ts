/** The first mapping, from the organisation's and the shop's own lists; what they cannot say is asked. */
import type { Actor, Outcome, Proposal } from "../api.ts";
import type { Context } from "../context.ts";
import { checkSpec } from "../core/check-spec.ts";
import type { Problem } from "../core/edits.ts";
import { nearestOf } from "../core/nearest.ts";
import { replaySpecs } from "../core/replay.ts";
import { err, ok } from "../core/result.ts";
import { proposeSpec } from "../core/setup.ts";
import type { Question } from "../core/setup-notes.ts";
import { observeRecent } from "../views/observe-recent.ts";
import { profile } from "../views/profile.ts";
import { currentSpec } from "../views/specs.ts";
import { mayPropose, saveProposal } from "./proposals.ts";
import { invalid, NO_CHANGE, sameSpec } from "./propose-mapping.ts";
import { replaySet } from "./replay-set.ts";

type Answers = Readonly<Record<string, string>>;

export async function proposeSetup(
  context: Context,
  connection: string,
  { answers, actor }: { readonly answers: Answers; readonly actor: Actor },
): Outcome<Proposal> {
  const refused = mayPropose(actor);
  if (refused !== undefined) return err(refused);
  const lists = await profile(context, connection, { refresh: true });
  if (!lists.ok) return lists;
  const { org, store } = lists.value;
  const { spec: candidate, questions } = proposeSpec({ org, store, answers });
  // What is answered is not asked any more, so the questions of an unanswered setup count as well.
  const asked = [...questions, ...proposeSpec({ org, store, answers: {} }).questions];
  const wrong = wrongAnswers(answers, asked);
  if (wrong.length > 0) return err(invalid("Some answers fit no question", wrong));
  const problems = checkSpec(candidate, org);
  if (problems.length > 0) return err(invalid("No mapping can be made of these lists", problems));
  const current = await currentSpec(context, connection);
  if (!current.ok && current.error.kind !== "noMapping") return current;
  const base = current.ok ? current.value : null;
  if (base !== null && sameSpec(base.spec, candidate)) return err(NO_CHANGE);
  const set = await pastOrders(context, connection);
  const replay = replaySpecs({ base: base?.spec ?? null, candidate, sales: set.sales, org });
  const proposed = {
    connection,
    kind: "setup" as const,
    title: base === null ? "The first mapping" : "A new mapping from the ledger's and the store's lists",
    baseVersion: base?.version ?? 0,
    edits: [],
    questions,
    candidate,
    document: null,
    replay,
  };
  return ok(await saveProposal(context, { ...proposed, replaySet: set, org }, actor));
}

/** A setup without any past order would prove nothing, so a store that is new to us is read first. */
async function pastOrders(context: Context, connection: string) {
  const set = await replaySet(context, connection);
  if (set.sales.length > 0) return set;
  const recent = await observeRecent(context, connection);
  return recent.ok && recent.value.observed > 0 ? replaySet(context, connection) : set;
}

/** Answers must be options of questions that are asked; a slip would silently leave the assumption in place. */
function wrongAnswers(answers: Answers, questions: readonly Question[]): Problem[] {
  return Object.entries(answers).flatMap(([id, answer]): Problem[] => {
    const question = questions.find((candidate) => candidate.id === id);
    const path = `/answers/${id}`;
    if (question === undefined) {
      const ids = questions.map((candidate) => candidate.id);
      return [{ path, message: `"${id}" is not asked`, nearest: nearestOf(id, ids) }];
    }
    if (question.options.some(({ value }) => value === answer)) return [];
    const labels = question.options.map(({ label }) => label);
    return [{ path, message: `"${answer}" is no option of ${id}`, nearest: nearestOf(answer, labels) }];
  });
}
