import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, runProgram } from "../testing.ts";

type Json = { [key: string]: unknown };
let folder: string;
let order: Json;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "counterfoil-plan-"));
  order = JSON.parse(await readFile(join(ROOT, "fixtures/order.json"), "utf8")) as Json;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Runs outside of the checkout, so that a relative default would be missed. */
const plan = (...args: string[]) => runProgram(["plan", ...args], { cwd: folder });

test("a paid order becomes a contact, an invoice and a payment, each field with its source", async () => {
  const { exit, stdout, stderr } = await plan("--order", join(ROOT, "fixtures/order.json"));
  expect([exit, stderr]).toEqual([0, ""]);
  const answer = JSON.parse(stdout) as {
    status: string;
    order: string;
    documents: { step: string; resource: string; method: string; body: Json }[];
    lineage: Record<string, Json>;
    checks: { name: string; expected: string; actual: string }[];
    warnings: string[];
  };
  expect(answer).toMatchObject({ status: "planned", order: "000001006", warnings: [] });
  expect(answer.documents.map(({ step, resource, method }) => `${step} ${resource} ${method}`)).toEqual([
    "contact Contacts PUT",
    "invoice Invoices PUT",
    "payment-1 Payments PUT",
  ]);
  expect(Object.keys(answer.lineage)).toEqual(["contact", "invoice", "payment-1"]);
  expect(answer.lineage.invoice).toHaveProperty(["/LineItems/0/AccountCode"]);
  for (const { expected, actual } of answer.checks) expect(actual).toBe(expected);
});

test("amounts are printed with the digits that go over the wire", async () => {
  const { stdout } = await plan("--order", join(ROOT, "fixtures/order.json"));
  expect(stdout).toMatch(/"Amount": 54\.19,/);
  expect(stdout).toMatch(/"LineAmount": \d+\.\d\d,/);
  expect(stdout).not.toMatch(/"(LineAmount|Amount|TaxAmount)": "/);
});

test("the same bytes every time, and whatever is in the environment", async () => {
  const args = ["plan", "--order", join(ROOT, "fixtures/orders.json")];
  const first = await runProgram(args, { cwd: folder });
  const second = await runProgram(args, {
    cwd: ROOT,
    variables: { LOG_LEVEL: "debug", COUNTERFOIL_DATA: folder },
  });
  expect(second.stdout).toBe(first.stdout);
});

test("a page of orders gives an array, with exit 0 although one is held", async () => {
  const { exit, stdout } = await plan("--order", join(ROOT, "fixtures/orders.json"));
  expect(exit).toBe(0);
  const answers = JSON.parse(stdout) as { status: string; order: string; hold?: string }[];
  expect(answers.map(({ order, status, hold }) => [order, status, hold])).toEqual([
    ["000001016", "planned", undefined],
    ["2000001004", "planned", undefined],
    ["000001012", "held", "orderCancelled"],
  ]);
});

test("an array of one stays an array", async () => {
  const { exit, stdout } = await plan("--order", await file("one.json", [order]));
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toHaveLength(1);
});

test.each([
  ["text where a price should be", { grand_total: "twelve" }, "grand_total"],
  ["a missing currency", { order_currency_code: undefined }, "order_currency_code"],
  ["a negative total", { grand_total: -1 }, "grand_total"],
  ["no number", { increment_id: undefined }, "increment_id"],
])("%s: held, exit 3, with the field and what was expected", async (_, change, field) => {
  const { exit, stdout } = await plan("--order", await file("changed.json", { ...order, ...change }));
  expect(exit).toBe(3);
  const answer = JSON.parse(stdout) as Json;
  expect(answer.status).toBe("held");
  expect(String(answer.field)).toContain(field);
  for (const key of ["hold", "detail", "action"]) expect(answer[key]).toEqual(expect.stringMatching(/\w/));
});

test.each([
  [
    "broken.json",
    '{"increment_id": "1",\n  "grand_total": 12.\n}',
    /broken\.json: line 2, column \d+: not valid JSON/,
  ],
  ["empty.json", "", /empty\.json: line 1, column 1/],
  [
    "number.json",
    "17",
    /number\.json: the top: a number was found; a Magento order \(a JSON object\) was expected/,
  ],
  ["list.json", '[{"increment_id": "1"}, "x"]', /list\.json: member 1: a string was found/],
  ["null.json", "null", /null\.json: the top: null was found/],
])("%s is bad input: exit 2 with the file, the place and what was expected", async (name, text, message) => {
  const { exit, stdout, stderr } = await plan("--order", await file(name, text));
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});

test("a file that is not there, a folder, and no file at all are bad input", async () => {
  for (const args of [["--order", "nowhere.json"], ["--order", "."], []]) {
    const { exit, stderr } = await plan(...args);
    expect(exit).toBe(2);
    expect(stderr).not.toBe("");
  }
});

test("an unknown tax class where a rule needs it is held and names the fact", async () => {
  const spec = await proposedSpec();
  const rule = {
    id: "books",
    note: "books are zero rated",
    when: [{ op: "is", fact: "line.taxClass", value: "Books" }],
    then: { kind: "taxType", taxType: "ZERORATEDOUTPUT" },
  };
  spec.tables.taxType.rules.unshift(rule);
  const args = ["--order", join(ROOT, "fixtures/order.json"), "--spec", await file("spec.json", spec)];
  const unknown = await plan(...args);
  expect(unknown.exit).toBe(3);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ status: "held", hold: "factUnknown" });

  const items = (order.items as { sku: string }[]).map(({ sku }) => ({
    sku,
    type_id: "simple",
    custom_attributes: [{ attribute_code: "tax_class_id", value: "2" }],
  }));
  const known = await plan(...args, "--products", await file("products.json", { items }));
  expect(JSON.parse(known.stdout)).toMatchObject({ status: "planned" });
});

type Spec = { tables: { taxType: { rules: unknown[] }; revenueAccount: { otherwise: unknown } } };

/** The mapping that plan uses without --spec, as a file would hold it. */
async function proposedSpec(): Promise<Spec> {
  const { readScenario } = await import("../plan-files.ts");
  const scenario = await readScenario(ROOT, "scenarios/demo-gb.json", ROOT);
  if (!scenario.ok) throw new Error(scenario.error.message);
  return structuredClone(scenario.value.proposedSpec) as unknown as Spec;
}

test("a mapping that names an account which does not exist is refused with the nearest ones", async () => {
  const spec = await proposedSpec();
  spec.tables.revenueAccount.otherwise = { kind: "account", code: "209" };
  const { exit, stderr } = await plan(
    "--order",
    join(ROOT, "fixtures/order.json"),
    "--spec",
    await file("spec.json", spec),
  );
  expect(exit).toBe(2);
  expect(stderr).toMatch(/spec\.json: \/tables\/revenueAccount.*209.*Nearest: /s);
});

test("a scenario without accounts names what is missing", async () => {
  const scenario = await file("scenario.json", { org: { country: "GB", baseCurrency: "GBP", taxRates: [] } });
  const { exit, stderr } = await plan("--order", join(ROOT, "fixtures/order.json"), "--scenario", scenario);
  expect(exit).toBe(2);
  expect(stderr).toMatch(/scenario\.json: .*accounts/);
});

test("store invoices date and key the payments", async () => {
  const args = [
    "--order",
    join(ROOT, "fixtures/order.json"),
    "--invoice",
    join(ROOT, "fixtures/invoices.json"),
  ];
  const { exit, stdout } = await plan(...args);
  expect(exit).toBe(0);
  expect(stdout).toContain('"payment-1"');
});

/** A credit memo of the order's shipping, as the store would make it. */
const memoOf = ({ entity_id, shipping_amount, shipping_tax_amount }: Json, more: Json = {}): Json => ({
  entity_id: 90,
  increment_id: "000000090",
  order_id: entity_id,
  state: 2,
  created_at: "2026-10-22 09:00:00",
  transaction_id: "re_1",
  shipping_amount,
  shipping_tax_amount,
  tax_amount: shipping_tax_amount,
  grand_total: Number(shipping_amount) + Number(shipping_tax_amount),
  items: [],
  ...more,
});

test("credit memos and shipments are read with the order that they name", async () => {
  const memo = memoOf(order);
  const shipment = {
    entity_id: 91,
    increment_id: "000000091",
    order_id: order.entity_id,
    created_at: "2026-10-22 10:00:00",
    items: [],
    tracks: [],
  };
  const refunded = await file("refunded.json", { ...order, total_refunded: memo.grand_total });
  const documents = [
    "--creditmemo",
    await file("memo.json", { items: [memo] }),
    "--shipment",
    await file("shipment.json", shipment),
  ];
  const held = await plan("--order", refunded);
  expect(JSON.parse(held.stdout)).toMatchObject({ status: "held", hold: "refunded" });
  const { exit, stdout } = await plan("--order", refunded, ...documents);
  expect([exit, (JSON.parse(stdout) as Json).status]).toEqual([0, "planned"]);
  expect(stdout).toContain("000000090");

  const wrong = await file("wrong.json", memoOf(order, { grand_total: "all of it" }));
  const unreadable = await plan("--order", refunded, "--creditmemo", wrong);
  expect(unreadable.exit).toBe(3);
  expect(JSON.parse(unreadable.stdout)).toMatchObject({
    hold: "fieldInvalid",
    field: "creditMemos[0].grand_total",
  });
});

test.each(["--invoice", "--creditmemo", "--shipment"])(
  "%s with a document of no order of the file is bad input that names the file and the field",
  async (option) => {
    const path = join(ROOT, "fixtures/order.json");
    const [own, foreign, none] = [
      memoOf(order),
      memoOf(order, { order_id: 1 }),
      memoOf(order, { order_id: null }),
    ];
    const inList = await plan("--order", path, option, await file("foreign.json", [own, foreign]));
    expect([inList.exit, inList.stdout]).toEqual([2, ""]);
    expect(inList.stderr).toMatch(
      /foreign\.json: member 1: order_id is not the entity_id of any order of .*order\.json/,
    );
    const alone = await plan("--order", path, option, await file("none.json", none));
    expect([alone.exit, alone.stdout]).toEqual([2, ""]);
    expect(alone.stderr).toMatch(/none\.json: order_id is missing/);
  },
);
