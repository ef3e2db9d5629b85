import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRows, readRowTexts } from "./order-files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "counterfoil-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(text: string): Promise<string> {
  await writeFile(join(folder, "orders.json"), text);
  return "orders.json";
}
const ORDER = '{"increment_id":"1","items":[{"price":10.00}],"grand_total":12345678901234567.8900}';

test("an order, an array of orders and a page of orders are told apart", async () => {
  const read = async (text: string) => {
    const rows = await readRows(folder, await file(text), "an order");
    return rows.ok ? { orders: rows.value.rows.length, isList: rows.value.isList } : rows.error.message;
  };
  expect(await read(ORDER)).toEqual({ orders: 1, isList: false });
  expect(await read(`[${ORDER},${ORDER}]`)).toEqual({ orders: 2, isList: true });
  expect(await read(`{"items":[${ORDER}],"search_criteria":{},"total_count":1}`)).toEqual({
    orders: 1,
    isList: true,
  });
  expect(await read(`{"items":[${ORDER}]}`)).toEqual({ orders: 1, isList: true });
  // An order that lacks its number is an order, and is held for that; its items are no orders.
  expect(await read('{"items":[],"grand_total":1}')).toEqual({ orders: 1, isList: false });
  expect(await read("[]")).toEqual({ orders: 0, isList: true });
});

test("what goes to the demo store has the very digits of the file", async () => {
  for (const text of [ORDER, `[${ORDER}]`, `\uFEFF{"items":[${ORDER}],"total_count":1}`]) {
    expect(await readRowTexts(folder, await file(text), "an order")).toEqual({ ok: true, value: [ORDER] });
  }
});
