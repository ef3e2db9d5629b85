import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import type { JsonRecord } from "../wire/json.ts";
import type { Call } from "./call.ts";

/** What became of one element: saved, or refused with what was understood of it. */
export type Settled =
  | { ok: true; element: JsonRecord; warnings?: readonly string[] }
  | { ok: false; element: JsonRecord; errors: readonly string[] };

export type BatchSpec = {
  plural: string;
  /** Documents say HasErrors, contacts and payments HasValidationErrors (facts/xero.md section 4, Common). */
  errorFlag: "HasErrors" | "HasValidationErrors" | undefined;
  /** Each runs in turn; what a refused one wrote is undone. */
  elements: readonly (() => Settled)[];
};

/**
 * With summarizeErrors=false the answer is 200 and each element speaks for itself; without it one bad element makes
 * the answer 400 (facts/xero.md section 2). Whether the good ones are saved then is not documented: a switch.
 */
export function settleBatch(call: Call, { plural, errorFlag, elements }: BatchSpec): Reply {
  const summarize = call.query.flag("summarizeErrors", true);
  const start = call.books.mark();
  const settled = elements.map((run) => {
    const mark = call.books.mark();
    const outcome = call.forcedError === undefined ? run() : forced(run(), call.forcedError);
    if (!outcome.ok) call.books.rollback(mark);
    return outcome;
  });
  const failed = settled.filter((outcome) => !outcome.ok);
  if (summarize && failed.length > 0) {
    if (!call.org.behaviour.batchErrorSavesGood) call.books.rollback(start);
    return validationReply(failed.map((outcome) => withErrors(outcome.element, outcome.errors, errorFlag)));
  }
  return okReply(
    call.nowMs,
    plural,
    settled.map((outcome) => (summarize ? summarized(outcome) : separate(outcome, errorFlag))),
  );
}

const forced = (outcome: Settled, message: string): Settled => ({
  ok: false,
  element: outcome.element,
  errors: outcome.ok ? [message] : [...outcome.errors, message],
});

function withErrors(
  element: JsonRecord,
  errors: readonly string[],
  flag: BatchSpec["errorFlag"],
): JsonRecord {
  return { ...element, ...(flag === undefined ? {} : { [flag]: true }), ValidationErrors: errorsOf(errors) };
}

function summarized(outcome: Settled): JsonRecord {
  if (!outcome.ok || outcome.warnings === undefined || outcome.warnings.length === 0) return outcome.element;
  return { ...outcome.element, Warnings: errorsOf(outcome.warnings) };
}

function separate(outcome: Settled, flag: BatchSpec["errorFlag"]): JsonRecord {
  if (!outcome.ok) {
    return { ...withErrors(outcome.element, outcome.errors, flag), StatusAttributeString: "ERROR" };
  }
  const hasWarnings = outcome.warnings !== undefined && outcome.warnings.length > 0;
  return { ...summarized(outcome), StatusAttributeString: hasWarnings ? "WARNING" : "OK" };
}
