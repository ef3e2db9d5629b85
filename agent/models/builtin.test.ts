/** The built-in model in conversation: through the real loop, gate and tools. */
import { describe, expect, it } from "vitest";
import { decide } from "../../engine/core/decide.ts";
import type { Edit } from "../../engine/core/edits.ts";
import { type Conversation, openConversation } from "../session.ts";
import { type DemoEngine, demoEngine, demoSpec, plainSpec, vic } from "../testing.ts";
import { ask } from "../testing-loop.ts";

const engineWithMapping = () => demoEngine({ spec: plainSpec() });

/** Says one thing after the other; gives what came of the last. */
async function talk(engine: DemoEngine, ...lines: readonly string[]) {
  const conversation: Conversation = openConversation();
  const said = [];
  for (const line of lines) said.push(await ask(engine, line, { conversation }));
  const last = said.at(-1);
  if (last === undefined) throw new Error("nothing was said");
  return { last, said };
}

const editsOf = (engine: DemoEngine): readonly Edit[] => [...engine.made.values()].at(-1)?.edits ?? [];

describe("a change", () => {
  it("is read, proposed and reported in that order, with the figures of the replay", async () => {
    const engine = engineWithMapping();
    const { last } = await talk(engine, "Book shipping to account 202.");
    expect(last.tools).toEqual([
      "get_mapping",
      "get_chart_of_accounts",
      "list_tax_rates",
      "list_tracking_categories",
      "get_store_profile",
      "propose_mapping",
    ]);
    const proposal = engine.made.get("p-1");
    expect(last.text).toContain(proposal?.replay?.sentence);
    expect(last.text).toContain("http://127.0.0.1:4310/proposals/p-1");
    expect(last.proposals[0]).toMatchObject({ id: "p-1", impact: proposal?.replay?.sentence });
  });

  it("is the same for the same words, byte for byte", async () => {
    const [a, b] = [
      await talk(engineWithMapping(), "shipping to 202"),
      await talk(engineWithMapping(), "shipping to 202"),
    ];
    expect(a.last.events).toEqual(b.last.events);
  });

  it("is not proposed where the mapping does it already", async () => {
    const engine = demoEngine({ spec: demoSpec() });
    const { last } = await talk(engine, "Book shipping to account 202.");
    expect(last.text).toContain("does this already");
    expect(engine.asked).toEqual([]);
  });

  it("is refused by the gate for a viewer, and the answer says so", async () => {
    const engine = engineWithMapping();
    const said = await ask(engine, "Book shipping to account 202.", { actor: vic });
    expect(said.text).toMatch(/needs the role operator/);
    expect(engine.asked).toEqual([]);
  });

  it("waits for the first mapping", async () => {
    const { last } = await talk(demoEngine({ spec: null }), "Book shipping to account 202.");
    expect(last.text).toContain('Say "set up"');
  });
});

describe("a question back", () => {
  it("is answered by the value alone", async () => {
    const engine = engineWithMapping();
    const { said } = await talk(engine, "Book shipping to account 999.", "202");
    expect(said[0]?.text).toMatch(/999 is not in the chart of accounts.*202 \(Shipping income\).*\?/s);
    expect(editsOf(engine)).toMatchObject([
      { op: "setOtherwise", table: "shippingAccount", outcome: { code: "202" } },
    ]);
  });

  it("stays open while something else is asked", async () => {
    const engine = engineWithMapping();
    await talk(engine, "Book shipping to account 999.", "which accounts are there?", "use Shipping income");
    expect(editsOf(engine)).toMatchObject([{ table: "shippingAccount", outcome: { code: "202" } }]);
  });

  it("may be two questions in one, answered in one", async () => {
    const engine = engineWithMapping();
    await talk(engine, "Put overseas sales in a different account.", "260, everything outside the UK");
    expect(editsOf(engine)).toMatchObject([
      {
        table: "revenueAccount",
        rule: { when: [{ op: "isNot", fact: "order.shipCountry", value: "GB" }], then: { code: "260" } },
      },
    ]);
  });

  it("is answered with a plain yes where it offers a reading", async () => {
    const engine = engineWithMapping();
    await talk(engine, "exports are zero rated", "yes");
    expect(editsOf(engine)).toMatchObject([
      { table: "taxType", rule: { when: [{ op: "isNot", value: "GB" }] } },
      { table: "shippingTaxType" },
      { table: "feeTaxType" },
    ]);
  });

  it("is dropped when the person wishes for something else", async () => {
    const engine = engineWithMapping();
    await talk(engine, "Book shipping to account 999.", "All invoices should arrive as drafts please");
    expect(editsOf(engine)[0]).toMatchObject({ table: "invoiceStatus", outcome: { status: "DRAFT" } });
  });

  it("asks again when the answer names nothing that exists", async () => {
    const engine = engineWithMapping();
    const { last } = await talk(engine, "Sales to group Dealers go to 205", "the Resellers");
    expect(last.text).toMatch(/\?|say it in another way/);
    expect(engine.asked).toEqual([]);
  });

  it("takes a name for an answer", async () => {
    const engine = engineWithMapping();
    await talk(engine, "use one contact for guests", "Web Guests");
    expect(editsOf(engine)).toMatchObject([{ table: "contact", rule: { then: { name: "Web Guests" } } }]);
  });
});

describe("questions about how things stand", () => {
  const QUESTIONS: Record<string, readonly [string, readonly string[], RegExp]> = {
    "how many failed": ["How many orders failed?", ["get_sync_status"], /failed: 2/],
    "how it is going": ["How are things going with the sync?", ["get_sync_status"], /41 posted/],
    "what is stuck": [
      "What is stuck right now?",
      ["list_failed_records", "get_sync_status"],
      /No order waits/,
    ],
    "where an order stands": [
      "What's the status of order 000000001?",
      ["get_order"],
      /42\.00 GBP.*not in the books yet/s,
    ],
    "short order numbers": ["where is order 1", ["get_order"], /Order 000000001/],
    "an order that does not exist": ["has order 000000099 been posted?", ["get_order"], /no order 000000099/],
    "why a number is here": [
      "Why is the account 200 on order 000000001?",
      ["explain_record", "get_order"],
      /AccountCode/,
    ],
    "what an order would become": [
      "What would order 000000003 become?",
      ["preview_order"],
      /36\.00 to account 200, OUTPUT2/,
    ],
    "whether the books agree": [
      "Do the books agree with the shop?",
      ["get_reconciliation"],
      /difference 0\.00/,
    ],
    "where shipping goes": [
      "Where does shipping go at the moment?",
      ["get_mapping", "get_chart_of_accounts"],
      /account 200 \(Sales\)/,
    ],
    "how a method is booked": [
      "can you tell me how PayPal payments are booked?",
      ["get_mapping", "get_chart_of_accounts"],
      /090/,
    ],
    "what is waiting": [
      "Which proposals are waiting for approval?",
      ["list_proposals"],
      /No proposal is waiting/,
    ],
    "what changed": ["Who changed the mapping last?", ["list_mapping_versions"], /first mapping/],
    accounts: ["list the accounts", ["get_chart_of_accounts"], /202 Shipping income/],
    "tax rates": ["which tax rates are there?", ["list_tax_rates"], /OUTPUT2/],
    help: ["what can you do?", [], /A person approves every change/],
  };

  it.each(Object.entries(QUESTIONS))("%s", async (_, [words, tools, answer]) => {
    const engine = engineWithMapping();
    const { last } = await talk(engine, words);
    expect(last.tools).toEqual(tools);
    expect(last.text).toMatch(answer);
    expect(engine.asked).toEqual([]);
  });

  it("never answers with a figure that no tool gave", async () => {
    const { last } = await talk(engineWithMapping(), "How many orders failed?");
    const results = JSON.stringify(last.events.filter((event) => event.t === "result"));
    for (const figure of last.text.match(/\d+/g) ?? []) expect(results).toContain(figure);
  });
});

describe("actions on one order", () => {
  it.each([
    ["sync order 000000001 now please", "sync_order"],
    ["Can you retry order 000000002?", "retry_record"],
    ["create the invoice for order 000000001", "create_invoice"],
    ["prepare the contact for order 000000001", "upsert_contact"],
  ])("%s", async (words, tool) => {
    const { last } = await talk(engineWithMapping(), words);
    expect(last.tools).toEqual([tool]);
  });

  it("gives a link where it is asked to approve, and approves nothing", async () => {
    const engine = engineWithMapping();
    const { last } = await talk(engine, "Book shipping to 202", "approve proposal p-1");
    expect(last.tools).toEqual(["request_approval"]);
    expect(last.text).toMatch(/I cannot approve.*proposals\/p-1/s);
    expect(engine.made.get("p-1")?.state).toBe("open");
  });

  it("refuses what no tool does to an order", async () => {
    const engine = engineWithMapping();
    const { last } = await talk(engine, "Refund order 000000001");
    expect(last.text).toMatch(/beyond me/);
    expect(engine.asked).toEqual([]);
  });
});

describe("the set-up", () => {
  it("proposes the first mapping and asks what it cannot know", async () => {
    const engine = demoEngine({ spec: null });
    const { last } = await talk(engine, "Please set everything up for me");
    expect(last.tools).toEqual(["propose_setup"]);
    expect(last.text).toMatch(/1\. Which tax type do sales at 0 % get\?/);
  });

  it.each(["1: EXEMPTOUTPUT", "Exempt Income", "exemptoutput please"])(
    "takes %s for an answer",
    async (answer) => {
      const engine = demoEngine({ spec: null });
      await talk(engine, "set up", answer);
      const setup = [...engine.made.values()].at(-1);
      expect(setup?.questions).toEqual([]);
      const table = setup?.candidate?.tables.taxType ?? { rules: [], otherwise: null };
      expect(
        decide(table, { "line.taxRate": 0n, "line.productType": "simple", "order.shipCountry": "GB" }),
      ).toMatchObject({
        value: { outcome: { taxType: "EXEMPTOUTPUT" } },
      });
    },
  );

  it("asks again when the answer is none of the options", async () => {
    const engine = demoEngine({ spec: null });
    const { last } = await talk(engine, "set up", "1: 090");
    expect(last.text).toMatch(/none of the options.*1\. Which tax type/s);
    await talk(engine, "set up", "1: 090", "1: NONE");
    expect([...engine.made.values()].at(-1)?.questions).toEqual([]);
  });
});
