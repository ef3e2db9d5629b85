/** What differs between two outcomes of one sale: compared field by field on the document bodies. */
import type { Held } from "./hold.ts";
import type { DocumentPlan } from "./plan.ts";
import { leafPointers } from "./plan.ts";
import type { Result } from "./result.ts";
import type { Json } from "./shapes.ts";

export type Planned = Result<DocumentPlan, Held>;

export type Difference = {
  readonly step: string;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** Differences of two plans by step and JSON Pointer, in the order of the documents. Empty when they are the same. */
export function differencesOf(before: DocumentPlan, after: DocumentPlan): Difference[] {
  const steps = [...new Set([...before.documents, ...after.documents].map(({ step }) => step))];
  return steps.flatMap((step) => {
    const [old, young] = [before, after].map(
      (plan) => plan.documents.find((document) => document.step === step)?.body,
    );
    const fields = [...new Set([...leafPointers(old ?? {}), ...leafPointers(young ?? {})])].filter(
      (field) => field !== "",
    );
    return fields.flatMap((field): Difference[] => {
      const [was, is] = [valueAt(old ?? null, field), valueAt(young ?? null, field)];
      return was === is ? [] : [{ step, field, before: was, after: is }];
    });
  });
}

/** The text of a leaf by JSON Pointer, `null` when there is none. */
export function valueAt(body: Json, pointer: string): string | null {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const value = parts.reduce<Json | undefined>(
    (node, part) =>
      node !== null && typeof node === "object" ? (node as { [key: string]: Json })[part] : undefined,
    body,
  );
  return value === undefined || value === null || typeof value === "object" ? null : String(value);
}
