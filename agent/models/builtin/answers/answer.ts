/** What the answers share: results as their tools' schemas read them, and the words for a failure. */
import type { z } from "zod";
import type { Called } from "../conversation.ts";

/** The output of the last successful call of a tool in this turn. */
export function resultOf<Schema extends z.ZodType>(
  called: readonly Called[],
  name: string,
  schema: Schema,
): z.output<Schema> | undefined {
  const call = called.findLast((one) => one.name === name && one.ok);
  const parsed = call === undefined ? undefined : schema.safeParse(call.value);
  return parsed?.success ? parsed.data : undefined;
}

type Failure = { readonly kind: string; readonly message: string; readonly next: string };

/** The failure of the last call of a tool, or of any tool. */
export function failureOf(called: readonly Called[], name?: string): Failure | undefined {
  const call = called.findLast((one) => !one.ok && (name === undefined || one.name === name));
  return call?.value as Failure | undefined;
}

export const failureText = ({ kind, message }: Failure): string => {
  if (kind === "noMapping") return `${message} Say "set up", and I propose the first mapping.`;
  if (kind === "forbidden") return `${message} A colleague with the right role has to ask for this.`;
  return message;
};

export const listed = (items: readonly string[], max = 10): string => {
  const shown = items.slice(0, max).map((item) => `- ${item}`);
  return [...shown, ...(items.length > max ? [`- and ${items.length - max} more`] : [])].join("\n");
};
