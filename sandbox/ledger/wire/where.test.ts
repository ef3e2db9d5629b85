import { describe, expect, test } from "vitest";
import { listRows, Query } from "./listing.ts";
import { parseWhere, QueryInvalid } from "./where.ts";
import {
  boolField,
  compileOrder,
  compileWhere,
  dateField,
  decimalField,
  guidField,
  type QueryFields,
  stringField,
} from "./where-eval.ts";

type Row = {
  id: string;
  type: string;
  total: bigint;
  name: string | undefined;
  date: number;
  isPaid: boolean;
};
const FIELDS: QueryFields<Row> = {
  InvoiceID: guidField((row) => row.id),
  Type: stringField((row) => row.type),
  Total: decimalField((row) => row.total, true),
  "Contact.Name": stringField((row) => row.name, true),
  Date: dateField((row) => row.date),
  IsPaid: boolField((row) => row.isPaid),
};
const A = "00000000-0000-4000-8000-00000000000a";
const B = "00000000-0000-4000-8000-00000000000b";
const ROWS: Row[] = [
  { id: A, type: "ACCREC", total: 653_400n, name: "Ann Lee", date: Date.UTC(2026, 0, 1), isPaid: true },
  { id: B, type: "ACCPAY", total: 100_000n, name: undefined, date: Date.UTC(2026, 5, 30), isPaid: false },
];
const find = (where: string): string[] =>
  ROWS.filter(compileWhere(parseWhere(where), FIELDS, "Invoice")).map(({ id }) => id);

describe("where finds", () => {
  test.each([
    [`Type=="ACCREC"`, [A]],
    [`Type = "ACCREC"`, [A]],
    [`Type!="ACCREC"`, [B]],
    [`type=="ACCREC" and date>=DateTime(2026,01,01)`, [A]],
    [`Date < DateTime(2026, 6, 30) OR Date == DateTime(2026,6,30)`, [A, B]],
    [`Date >= DateTime(2026, 06, 30, 00, 00, 01)`, []],
    [`Date >= DateTime.Parse("2026-06-30")`, [B]],
    [`Total==65.34`, [A]],
    [`Total>=10 && Total<=10.00`, [B]],
    [`InvoiceID==Guid("${A.toUpperCase()}")`, [A]],
    [`InvoiceID!=guid("${A}")`, [B]],
    [`Contact.Name==null`, [B]],
    [`Contact.Name!=null AND Contact.Name.Contains("Lee")`, [A]],
    [`Contact.Name!=null AND Contact.Name.StartsWith("Lee")`, []],
    [`Contact.Name!=null AND Contact.Name.ToLower()=="ann lee"`, [A]],
    [`(Type=="ACCREC" OR Type=="ACCPAY") AND IsPaid==false`, [B]],
    [`IsPaid`, [A]],
    [`!(IsPaid)`, [B]],
    [`NOT IsPaid AND Type=="ACCPAY" OR Type=="ACCREC"`, [A, B]],
    [`Contact.Name=="a \\"quoted\\" name"`, []],
  ])("%s", (where, expected) => {
    expect(find(where)).toEqual(expected);
  });
});

describe("where refuses", () => {
  test.each([
    [`Total=="65.34"`, "Operator '==' incompatible with operand types 'Decimal?' and 'String'"],
    [`InvoiceID=="${A}"`, "Operator '==' incompatible with operand types 'Guid' and 'String'"],
    [`Nothing==1`, "No property or field 'Nothing' exists in type 'Invoice'"],
    [`Type>"A"`, "Operator '>' incompatible with operand types 'String' and 'String'"],
    [`Date==null`, "Operator '==' incompatible with operand types 'DateTime' and 'Object'"],
    [`Contact.Name.Contains("x")`, "Object reference not set to an instance of an object."],
    [`Type=="ACCREC`, "Unterminated string literal"],
    [`Type==`, "Expression expected"],
    [`Type=="A" Type=="B"`, "Syntax error"],
    [`(Type=="A"`, "')' expected"],
    [`Total.Contains("1")`, "No applicable method 'Contains' exists in type 'Decimal?'"],
    [`Type`, "Expression of type 'Boolean' expected"],
    [`Date>=DateTime(2026,02,30)`, "Year, Month, and Day parameters describe an un-representable DateTime."],
    [
      `InvoiceID==Guid("x")`,
      "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).",
    ],
    [`Type # 1`, "Syntax error '#'"],
  ])("%s", (where, message) => {
    expect(() => find(where)).toThrow(new QueryInvalid(message));
  });

  test("a bad clause when there are no rows to try it on", () => {
    expect(() => compileWhere(parseWhere("Nothing==1"), FIELDS, "Invoice")).toThrow(QueryInvalid);
  });
});

test("order sorts by several fields, nulls first", () => {
  expect(
    [...ROWS].sort(compileOrder("Contact.Name ASC, Date DESC", FIELDS, "Invoice")).map(({ id }) => id),
  ).toEqual([B, A]);
  expect([...ROWS].sort(compileOrder("Date DESC", FIELDS, "Invoice")).map(({ id }) => id)).toEqual([B, A]);
  expect(() => compileOrder("Date SIDEWAYS", FIELDS, "Invoice")).toThrow(QueryInvalid);
});

describe("pages", () => {
  const rows = Array.from({ length: 250 }, (_, index) => ({ ...(ROWS[0] as Row), total: BigInt(index) }));
  const list = (query: string, ifModifiedSince?: string) =>
    listRows({
      rows,
      query: new Query(new URLSearchParams(query)),
      ifModifiedSince,
      fields: FIELDS,
      typeName: "Invoice",
      updatedMs: (row) => Number(row.total) * 1000 + 500,
      canPage: true,
    });

  test("come in hundreds unless asked otherwise, and query names have no case", () => {
    expect(list("PAGE=3")).toMatchObject({
      pagination: { page: 3, pageSize: 100, pageCount: 3, itemCount: 250 },
    });
    expect(list("page=3").rows).toHaveLength(50);
    expect(list("page=4").rows).toHaveLength(0);
    expect(list("page=1&pageSize=1000").rows).toHaveLength(250);
    expect(list("").pagination).toBeUndefined();
  });

  test.each(["page=0", "page=1&pageSize=1001", "page=1&pageSize=0", "page=x"])("refuse %s", (query) => {
    expect(() => list(query)).toThrow(QueryInvalid);
  });

  test("If-Modified-Since has second precision and needs no zone", () => {
    expect(list("", "1970-01-01T00:04:08").rows).toHaveLength(2);
    expect(list("", "1970-01-01T00:04:08.999Z").rows).toHaveLength(2);
    expect(list("", "1970-01-01T00:04:10Z").rows).toHaveLength(0);
    expect(list("", "nonsense").rows).toHaveLength(250);
  });
});
