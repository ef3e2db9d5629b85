/** What the checks need to know of one source file, read from its syntax tree so that no comment or text can fool them. */
import { parseAst } from "vitest/node";

export type Import = {
  readonly specifier: string;
  /** The whole statement goes away when types are stripped. */
  readonly typeOnly: boolean;
  readonly line: number;
};

export type FunctionLength = { readonly name: string; readonly line: number; readonly lines: number };

/** A global that is used (`fetch`, `Date.now`, `process.env`, `new Date()`), or a member that is read (`.localeCompare`). */
export type Use = { readonly name: string; readonly line: number };

export type Source = {
  readonly imports: readonly Import[];
  /** Longest first. A function that returns JSX is not among them: markup is long and flat. */
  readonly functions: readonly FunctionLength[];
  readonly uses: readonly Use[];
  readonly exported: readonly Use[];
};

type SyntaxNode = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
};

/** Reads TypeScript or JavaScript; throws with the parser's message when the file cannot be parsed. */
export function readSource(text: string, path: string): Source {
  const lang = path.endsWith("x") ? "tsx" : "ts";
  const program = parseAst(text, { lang }, path) as unknown as SyntaxNode;
  const lineAt = lineFinder(text);
  const found: { imports: Import[]; functions: FunctionLength[]; uses: Use[]; exported: Use[] } = {
    imports: [],
    functions: [],
    uses: [],
    exported: [],
  };
  walk(program, null, (node, parent) => {
    const line = lineAt(node.start);
    const imported = importOf(node);
    if (imported !== undefined) found.imports.push({ ...imported, line });
    if (isFunction(node) && !returnsJsx(node)) {
      const name = functionName(node, parent);
      found.functions.push({ name, line, lines: lineAt(node.end) - line + 1 });
    }
    for (const name of usesOf(node)) found.uses.push({ name, line });
    if (node.type === "ExportNamedDeclaration") {
      for (const name of declaredNames(node.declaration)) found.exported.push({ name, line });
    }
  });
  return { ...found, functions: found.functions.sort((a, b) => b.lines - a.lines) };
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

function walk(
  node: SyntaxNode,
  parent: SyntaxNode | null,
  visit: (node: SyntaxNode, parent: SyntaxNode | null) => void,
): void {
  visit(node, parent);
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? member : [member]) {
      if (isNode(child)) walk(child, node, visit);
    }
  }
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

const STATEMENTS = ["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration"];

function importOf(node: SyntaxNode): Omit<Import, "line"> | undefined {
  if (STATEMENTS.includes(node.type) && isNode(node.source)) {
    const typeOnly = node.importKind === "type" || node.exportKind === "type";
    return { specifier: String(node.source.value), typeOnly };
  }
  // `import("x")` at run time, and `import("x").Name` in a type.
  if (node.type === "ImportExpression" && isNode(node.source)) {
    const { value } = node.source;
    return typeof value === "string" ? { specifier: value, typeOnly: false } : undefined;
  }
  if (node.type === "TSImportType" && isNode(node.source)) {
    return { specifier: String(node.source.value), typeOnly: true };
  }
  return undefined;
}

const isFunction = ({ type }: SyntaxNode): boolean =>
  type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";

function returnsJsx(node: SyntaxNode): boolean {
  let found = false;
  walk(node, null, ({ type }) => {
    found ||= type === "JSXElement" || type === "JSXFragment";
  });
  return found;
}

function functionName(node: SyntaxNode, parent: SyntaxNode | null): string {
  const named = [node.id, parent?.id, parent?.key].find(isNode);
  return named?.type === "Identifier" ? String(named.name) : "(without a name)";
}

function usesOf(node: SyntaxNode): string[] {
  // `const { env } = process` reads process.env as well.
  if (node.type === "VariableDeclarator" && isNode(node.init) && node.init.type === "Identifier") {
    const { id, init } = node;
    const properties = isNode(id) && Array.isArray(id.properties) ? id.properties : [];
    return properties.flatMap((property: unknown) =>
      isNode(property) && isNode(property.key) ? [`${init.name}.${property.key.name}`] : [],
    );
  }
  if (node.type === "MemberExpression" && isNode(node.object) && isNode(node.property)) {
    const member = memberName(node);
    if (member === undefined) return [];
    const { object } = node;
    return object.type === "Identifier" ? [`.${member}`, `${object.name}.${member}`] : [`.${member}`];
  }
  const callee = node.callee;
  if (!isNode(callee) || callee.type !== "Identifier") return [];
  const { name } = callee;
  if (node.type === "NewExpression") {
    const empty = Array.isArray(node.arguments) && node.arguments.length === 0;
    return empty ? [`new ${name}()`] : [`new ${name}`];
  }
  return node.type === "CallExpression" ? [`${name}()`] : [];
}

/** `a.b` and `a["b"]` name the same member. */
function memberName({ property, computed }: SyntaxNode): string | undefined {
  if (!isNode(property)) return undefined;
  if (property.type === "Literal") return String(property.value);
  return computed === true ? undefined : String(property.name);
}

function declaredNames(declaration: unknown): string[] {
  if (!isNode(declaration)) return [];
  const declarators = Array.isArray(declaration.declarations) ? declaration.declarations : [declaration];
  return declarators.flatMap((declarator: unknown) =>
    isNode(declarator) && isNode(declarator.id) && declarator.id.type === "Identifier"
      ? [String(declarator.id.name)]
      : [],
  );
}
