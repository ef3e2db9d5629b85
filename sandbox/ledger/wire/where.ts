import { parseDecimal, roundTo, UNITS } from "./decimal.ts";
import { isGuid } from "./shape.ts";

/** The `where` language (facts/xero.md section 2, Reading): text to a tree. where-eval.ts gives it a meaning. */
export class QueryInvalid extends Error {}

export type Literal =
  | { kind: "string"; value: string }
  | { kind: "decimal"; value: bigint }
  | { kind: "guid"; value: string }
  | { kind: "date"; value: number }
  | { kind: "bool"; value: boolean }
  | { kind: "null" };
export type Operator = "==" | "!=" | ">=" | "<=" | ">" | "<";
export type Method = "Contains" | "StartsWith" | "EndsWith";
export type Operand = Literal | { kind: "field"; name: string; folds: readonly ("ToLower" | "ToUpper")[] };
export type Where =
  | { kind: "and" | "or"; left: Where; right: Where }
  | { kind: "not"; inner: Where }
  | { kind: "compare"; operator: Operator; left: Operand; right: Operand }
  | { kind: "method"; method: Method; field: Operand; argument: string }
  | { kind: "flag"; field: Operand };

type Token = { text: string; kind: "name" | "string" | "number" | "sign" | "end"; at: number };

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?[mMdD]?)|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(==|!=|>=|<=|<>|&&|\|\||[=<>()!,]))/y;

const LENGTH_MAX = 4_000;

export function parseWhere(text: string): Where {
  if (text.length > LENGTH_MAX) throw new QueryInvalid("The where clause is too long");
  const reader = new TokenReader(tokensOf(text));
  const tree = parseOr(reader);
  if (reader.peek().kind !== "end") throw new QueryInvalid("Syntax error");
  return tree;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  while (end < text.trimEnd().length) {
    TOKEN.lastIndex = end;
    const match = TOKEN.exec(text);
    if (match === null) throw new QueryInvalid(unexpectedCharacter(text, end));
    const kind =
      match[1] !== undefined ? "string" : match[2] !== undefined ? "number" : match[3] ? "name" : "sign";
    tokens.push({ text: match[0].trim(), kind, at: end });
    end = TOKEN.lastIndex;
  }
  tokens.push({ text: "", kind: "end", at: text.length });
  return tokens;
}

function unexpectedCharacter(text: string, at: number): string {
  const rest = text.slice(at).trimStart();
  return rest.startsWith('"') ? "Unterminated string literal" : `Syntax error '${rest.charAt(0)}'`;
}

class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }
  peek(): Token {
    return this.#tokens[this.#next] ?? { text: "", kind: "end", at: 0 };
  }
  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }
  accept(...words: string[]): boolean {
    const token = this.peek();
    if (token.kind === "string" || !words.some((word) => word.toLowerCase() === token.text.toLowerCase()))
      return false;
    this.#next += 1;
    return true;
  }
  expect(word: string): void {
    if (!this.accept(word)) throw new QueryInvalid(`'${word}' expected`);
  }
}

function parseOr(reader: TokenReader): Where {
  let left = parseAnd(reader);
  while (reader.accept("OR", "||")) left = { kind: "or", left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: TokenReader): Where {
  let left = parseUnary(reader);
  while (reader.accept("AND", "&&")) left = { kind: "and", left, right: parseUnary(reader) };
  return left;
}

function parseUnary(reader: TokenReader): Where {
  if (reader.accept("NOT", "!")) return { kind: "not", inner: parseUnary(reader) };
  if (reader.accept("(")) {
    const inner = parseOr(reader);
    reader.expect(")");
    return inner;
  }
  return parseComparison(reader);
}

const METHODS: readonly string[] = ["Contains", "StartsWith", "EndsWith"] satisfies Method[];

function parseComparison(reader: TokenReader): Where {
  const left = parseOperand(reader);
  if (left.kind === "field") {
    const method = left.name.slice(left.name.lastIndexOf(".") + 1);
    if (METHODS.includes(method) && reader.accept("(")) {
      const argument = parseOperand(reader);
      reader.expect(")");
      if (argument.kind !== "string")
        throw new QueryInvalid(`No applicable method '${method}' exists in type 'String'`);
      const field = { ...left, name: left.name.slice(0, left.name.length - method.length - 1) };
      return { kind: "method", method: method as Method, field, argument: argument.value };
    }
  }
  const operator = operatorOf(reader.peek().text);
  if (operator === undefined) return { kind: "flag", field: left };
  reader.take();
  return { kind: "compare", operator, left, right: parseOperand(reader) };
}

function operatorOf(text: string): Operator | undefined {
  if (text === "=") return "==";
  if (text === "<>") return "!=";
  return (["==", "!=", ">=", "<=", ">", "<"] as const).find((operator) => operator === text);
}

function parseOperand(reader: TokenReader): Operand {
  const token = reader.take();
  if (token.kind === "string")
    return { kind: "string", value: token.text.slice(1, -1).replace(/\\(.)/g, "$1") };
  if (token.kind === "number") return decimalLiteral(token.text);
  if (token.kind !== "name")
    throw new QueryInvalid(token.kind === "end" ? "Expression expected" : "Syntax error");
  const word = token.text.toLowerCase();
  if (word === "null") return { kind: "null" };
  if (word === "true" || word === "false") return { kind: "bool", value: word === "true" };
  if (word === "datetime" || word === "guid" || word === "datetime.parse" || word === "guid.parse") {
    return parseConstructor(reader, word.startsWith("guid") ? "guid" : "datetime");
  }
  return foldedField(reader, token.text);
}

/** `EmailAddress.ToLower()` may stand wherever a field may. */
function foldedField(reader: TokenReader, name: string): Operand {
  const fold = /^(.*)\.(ToLower|ToUpper)$/.exec(name);
  if (fold === null || !reader.accept("(")) return { kind: "field", name, folds: [] };
  reader.expect(")");
  return { kind: "field", name: fold[1] ?? "", folds: [fold[2] === "ToLower" ? "ToLower" : "ToUpper"] };
}

function decimalLiteral(text: string): Literal {
  const parsed = parseDecimal(text.replace(/[mMdD]$/, ""));
  if (parsed === undefined) throw new QueryInvalid(`Invalid number '${text}'`);
  return { kind: "decimal", value: roundTo(parsed, UNITS) };
}

function parseConstructor(reader: TokenReader, type: "guid" | "datetime"): Literal {
  reader.expect("(");
  const parts: Token[] = [];
  do parts.push(reader.take());
  while (reader.accept(","));
  reader.expect(")");
  const first = parts[0]?.text ?? "";
  if (type === "guid") {
    const value = first.slice(1, -1);
    if (parts[0]?.kind !== "string" || !isGuid(value)) {
      throw new QueryInvalid(
        "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).",
      );
    }
    return { kind: "guid", value: value.toLowerCase() };
  }
  return {
    kind: "date",
    value: parts[0]?.kind === "string" ? dateOfText(first.slice(1, -1)) : dateOfParts(parts),
  };
}

function dateOfText(text: string): number {
  const ms = Date.parse(
    /[zZ]|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text}${text.includes("T") ? "Z" : ""}`,
  );
  if (Number.isNaN(ms)) throw new QueryInvalid("String was not recognized as a valid DateTime.");
  return ms;
}

function dateOfParts(parts: readonly Token[]): number {
  const numbers = parts.map((part) => (part.kind === "number" ? Number(part.text) : Number.NaN));
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN, hour = 0, minute = 0, second = 0] = numbers;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const isReal = new Date(ms).getUTCMonth() === month - 1 && new Date(ms).getUTCDate() === day;
  if (numbers.length < 3 || numbers.length > 6 || Number.isNaN(ms) || !isReal) {
    throw new QueryInvalid("Year, Month, and Day parameters describe an un-representable DateTime.");
  }
  return ms;
}
