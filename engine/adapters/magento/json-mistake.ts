/**
 * Where a text stops being JSON. V8 names the position of some mistakes and quotes the text for others; a person needs the
 * line every time, and a message must not repeat what a buyer wrote.
 */
export type Mistake = { readonly at: number; readonly expected: string };

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** What may come next; `[` and `{` push, their ends pop. */
type Expecting = "value" | "valueOrEnd" | "name" | "nameOrEnd" | "colon" | "commaOrEnd";

/** The first place that breaks the grammar; the end of the text when nothing else does. Called only after a failed parse. */
export function firstMistake(text: string): Mistake {
  const open: ("[" | "{")[] = [];
  let expecting: Expecting = "value";
  let at = skip(SPACE, text, 0);
  while (at < text.length) {
    const step = next(text, at, expecting, open);
    if (step === undefined) return { at, expected: expectedText(expecting, open) };
    at = skip(SPACE, text, step.at);
    expecting = step.expecting;
    if (open.length === 0 && expecting === "commaOrEnd" && at < text.length) {
      return { at, expected: "the end of the text" };
    }
  }
  return { at: text.length, expected: expectedText(expecting, open) };
}

function next(
  text: string,
  at: number,
  expecting: Expecting,
  open: ("[" | "{")[],
): { readonly at: number; readonly expecting: Expecting } | undefined {
  const char = text[at];
  const inside = open.at(-1);
  switch (expecting) {
    case "colon":
      return char === ":" ? { at: at + 1, expecting: "value" } : undefined;
    case "commaOrEnd":
      if (char === "," && inside !== undefined) {
        return { at: at + 1, expecting: inside === "{" ? "name" : "value" };
      }
      return closes(char, inside) ? closed(at, open) : undefined;
    case "nameOrEnd":
    case "name": {
      if (expecting === "nameOrEnd" && closes(char, inside)) return closed(at, open);
      const end = skip(STRING, text, at);
      return end === at ? undefined : { at: end, expecting: "colon" };
    }
    case "valueOrEnd":
    case "value":
      if (expecting === "valueOrEnd" && closes(char, inside)) return closed(at, open);
      return value(text, at, open);
  }
}

function value(text: string, at: number, open: ("[" | "{")[]) {
  const char = text[at];
  if (char === "[" || char === "{") {
    open.push(char);
    return { at: at + 1, expecting: char === "{" ? ("nameOrEnd" as const) : ("valueOrEnd" as const) };
  }
  const end = skip(char === '"' ? STRING : SCALAR, text, at);
  return end === at ? undefined : { at: end, expecting: "commaOrEnd" as const };
}

const closes = (char: string | undefined, inside: "[" | "{" | undefined): boolean =>
  (char === "]" && inside === "[") || (char === "}" && inside === "{");

function closed(at: number, open: ("[" | "{")[]): { readonly at: number; readonly expecting: Expecting } {
  open.pop();
  return { at: at + 1, expecting: "commaOrEnd" };
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function expectedText(expecting: Expecting, open: readonly string[]): string {
  const end = open.at(-1) === "{" ? '"}"' : '"]"';
  switch (expecting) {
    case "colon":
      return 'a ":"';
    case "commaOrEnd":
      return `a "," or ${end}`;
    case "name":
      return "a name in double quotes";
    case "nameOrEnd":
      return 'a name in double quotes or "}"';
    case "value":
      return "a value";
    case "valueOrEnd":
      return 'a value or "]"';
  }
}
