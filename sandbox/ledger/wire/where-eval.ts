import { type Literal, type Operand, QueryInvalid, type Where } from "./where.ts";

/** A field a query may name. Decimals are 1e-4 units, dates are epoch milliseconds, guids are lower case. */
export type QueryValue = string | bigint | number | boolean;
export type QueryField<T> = {
  kind: "string" | "decimal" | "guid" | "date" | "bool";
  isNullable: boolean;
  read(row: T): QueryValue | undefined;
};
export type QueryFields<T> = { readonly [name: string]: QueryField<T> };

type Maker = <T>(read: (row: T) => QueryValue | undefined, isNullable?: boolean) => QueryField<T>;
const make =
  (kind: QueryField<never>["kind"]): Maker =>
  (read, isNullable = false) => ({ kind, isNullable, read });

export const stringField = make("string");
export const decimalField = make("decimal");
export const guidField = make("guid");
export const dateField = make("date");
export const boolField = make("bool");

/** Cents as the 1e-4 units that queries compare in. */
export const inUnits = (cents: bigint): bigint => cents * 100n;

const NET_TYPE = {
  string: "String",
  decimal: "Decimal",
  guid: "Guid",
  date: "DateTime",
  bool: "Boolean",
} as const;

/** Checks every type first, so that a bad clause fails on an empty ledger too; then a predicate is left. */
export function compileWhere<T>(tree: Where, fields: QueryFields<T>, typeName: string): (row: T) => boolean {
  switch (tree.kind) {
    case "and": {
      const [left, right] = [
        compileWhere(tree.left, fields, typeName),
        compileWhere(tree.right, fields, typeName),
      ];
      return (row) => left(row) && right(row);
    }
    case "or": {
      const [left, right] = [
        compileWhere(tree.left, fields, typeName),
        compileWhere(tree.right, fields, typeName),
      ];
      return (row) => left(row) || right(row);
    }
    case "not": {
      const inner = compileWhere(tree.inner, fields, typeName);
      return (row) => !inner(row);
    }
    case "flag":
      return compileFlag(tree.field, fields, typeName);
    case "method":
      return compileMethod(tree, fields, typeName);
    case "compare":
      return compileCompare(tree, fields, typeName);
    default:
      return tree satisfies never;
  }
}

type Resolved<T> = {
  kind: Literal["kind"];
  netType: string;
  isNullable: boolean;
  read(row: T): QueryValue | undefined;
};

function resolve<T>(operand: Operand, fields: QueryFields<T>, typeName: string): Resolved<T> {
  if (operand.kind === "null")
    return { kind: "null", netType: "Object", isNullable: true, read: () => undefined };
  if (operand.kind !== "field") {
    return {
      kind: operand.kind,
      netType: NET_TYPE[operand.kind],
      isNullable: false,
      read: () => operand.value,
    };
  }
  const name = Object.keys(fields).find(
    (candidate) => candidate.toLowerCase() === operand.name.toLowerCase(),
  );
  const field = name === undefined ? undefined : fields[name];
  if (field === undefined) {
    throw new QueryInvalid(
      `No property or field '${operand.name.split(".").at(-1)}' exists in type '${typeName}'`,
    );
  }
  const nullable = field.isNullable && field.kind !== "string" ? "?" : "";
  const read = operand.folds.length === 0 ? field.read : folded(field.read, operand.folds[0] === "ToLower");
  return { kind: field.kind, netType: NET_TYPE[field.kind] + nullable, isNullable: field.isNullable, read };
}

const folded =
  <T>(read: (row: T) => QueryValue | undefined, toLower: boolean) =>
  (row: T): string => {
    const value = read(row);
    // A null text has no methods: Xero needs `X!=null AND` before them (facts/xero.md section 2, Reading).
    if (typeof value !== "string")
      throw new QueryInvalid("Object reference not set to an instance of an object.");
    return toLower ? value.toLowerCase() : value.toUpperCase();
  };

function compileFlag<T>(operand: Operand, fields: QueryFields<T>, typeName: string): (row: T) => boolean {
  const field = resolve(operand, fields, typeName);
  if (field.kind !== "bool") throw new QueryInvalid("Expression of type 'Boolean' expected");
  return (row) => field.read(row) === true;
}

function compileMethod<T>(
  { method, field: operand, argument }: Extract<Where, { kind: "method" }>,
  fields: QueryFields<T>,
  typeName: string,
): (row: T) => boolean {
  const field = resolve(operand, fields, typeName);
  if (field.kind !== "string") {
    throw new QueryInvalid(`No applicable method '${method}' exists in type '${field.netType}'`);
  }
  return (row) => {
    const value = field.read(row);
    if (typeof value !== "string")
      throw new QueryInvalid("Object reference not set to an instance of an object.");
    if (method === "Contains") return value.includes(argument);
    return method === "StartsWith" ? value.startsWith(argument) : value.endsWith(argument);
  };
}

function compileCompare<T>(
  { operator, left, right }: Extract<Where, { kind: "compare" }>,
  fields: QueryFields<T>,
  typeName: string,
): (row: T) => boolean {
  const a = resolve(left, fields, typeName);
  const b = resolve(right, fields, typeName);
  const isOrdering = operator !== "==" && operator !== "!=";
  const hasNull = a.kind === "null" || b.kind === "null";
  const isBad = hasNull ? isOrdering || nullMisused(a, b) : a.kind !== b.kind;
  if (isBad || (isOrdering && (a.kind === "string" || a.kind === "bool" || a.kind === "guid"))) {
    throw new QueryInvalid(
      `Operator '${operator}' incompatible with operand types '${a.netType}' and '${b.netType}'`,
    );
  }
  return (row) => compareValues(operator, a.read(row), b.read(row));
}

const nullMisused = <T>(a: Resolved<T>, b: Resolved<T>): boolean =>
  [a, b].some((side) => side.kind !== "null" && side.kind !== "string" && !side.isNullable);

function compareValues(
  operator: string,
  left: QueryValue | undefined,
  right: QueryValue | undefined,
): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (left === undefined || right === undefined) return false;
  if (operator === ">") return left > right;
  if (operator === "<") return left < right;
  return operator === ">=" ? left >= right : left <= right;
}

export type Order<T> = (left: T, right: T) => number;

/** "UpdatedDateUTC ASC, Date DESC" */
export function compileOrder<T>(text: string, fields: QueryFields<T>, typeName: string): Order<T> {
  const parts = text.split(",").map((part) => part.trim().split(/\s+/));
  const orders = parts.map(([name = "", direction = "ASC"]) => {
    const { read } = resolve({ kind: "field", name, folds: [] }, fields, typeName);
    const word = direction.toUpperCase();
    if (!["ASC", "DESC", "ASCENDING", "DESCENDING"].includes(word)) throw new QueryInvalid("Syntax error");
    return { read, sign: word.startsWith("DESC") ? -1 : 1 };
  });
  return (left, right) => {
    for (const { read, sign } of orders) {
      const [a, b] = [read(left), read(right)];
      if (a === b) continue;
      if (a === undefined) return -sign;
      if (b === undefined) return sign;
      return a < b ? -sign : sign;
    }
    return 0;
  };
}
