import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Chat, ChatEvent } from "../api/ports.ts";
import { type Bench, DONE, openBench, openShop, PEOPLE, type Shop, scriptedChat } from "../api/testing.ts";
import { proposalOf } from "../api/testing-data.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
/** What the page looks like, for people; nothing is compared with it. */
const SHOTS = join(tmpdir(), "counterfoil-shots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const SCRIPT: readonly ChatEvent[] = [
  { t: "text", s: "I will check how shipping is posted **today**." },
  { t: "tool", v: { id: "t1", name: "get_mapping", label: "Read the live mapping", args: {} } },
  { t: "result", id: "t1", ok: true, out: { version: 1 }, ms: 38 },
  { t: "text", s: "412 of 500 orders would change. <img src=x onerror=alert(1)>" },
  { t: "proposal", v: { id: "p1", title: "Shipping on its own account 202", impact: "412 of 500 change." } },
  DONE,
];

if (CHROMIUM === undefined)
  console.warn("SKIPPED web/page.e2e.test.ts: no Chromium; apt-get install chromium");

let browser: Browser;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
});
afterAll(() => browser?.close());

type Visit = { readonly page: Page; readonly bench: Bench; readonly errors: string[]; url: string };

async function visit(
  options: { shop?: Shop; chat?: Chat; who?: keyof typeof PEOPLE; context?: BrowserContextOptions },
  story: (visit: Visit) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const bench = await openBench({
    shop: options.shop ?? openShop(),
    chat: options.chat ?? scriptedChat(SCRIPT),
    stopping: stopping.signal,
  });
  const server = serve({ fetch: bench.app.fetch, port: 0, hostname: "127.0.0.1" });
  if (!server.listening) await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options.context });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => errors.push(`dialog: ${dialog.message()}`));
  try {
    await page.goto((await bench.link(PEOPLE[options.who ?? "approver"], url)).url);
    await page.getByText("Live", { exact: true }).waitFor();
    await story({ page, bench, errors, url });
  } finally {
    await context.close();
    stopping.abort();
    server.close();
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const axe = (
      globalThis as unknown as { axe: { run(root: unknown, options: unknown): Promise<AxeResult> } }
    ).axe;
    const { violations: found } = await axe.run(globalThis, { runOnly: { type: "tag", values: tags } });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }, WCAG);
}
type AxeResult = { violations: { id: string; nodes: { target: string[] }[] }[] };

const tabTo = async (page: Page, name: RegExp): Promise<void> => {
  const target = await page.getByRole("button", { name }).elementHandle();
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((element) => element === document.activeElement, target)) return;
  }
  throw new Error(`Tab never reached ${name}`);
};

describe.skipIf(CHROMIUM === undefined)("the page", () => {
  test("opens by its one-time link and shows both sides, orders and the waiting proposal", async () => {
    await visit({}, async ({ page, errors }) => {
      const main = page.getByRole("main");
      await expect.poll(() => main.textContent()).toContain("Store GBP 48,210.16 = ledger GBP 48,210.16");
      expect(await main.textContent()).toContain("difference 0.00");
      expect(await main.textContent()).toContain("4,812");
      const held = page.getByRole("row", { name: /100000414/ });
      expect(await held.textContent()).toMatch(/GBP 19\.99.*Held.*Tax rate not in the ledger.*Retry/s);
      const card = page.getByRole("article", { name: "Shipping on its own account 202" });
      const row = card.getByRole("row", { name: /^Shipping account/ });
      expect(await row.textContent()).toMatch(/200 Sales\s*202 Shipping income/);
      expect(await card.textContent()).toContain("498 of 498");
      expect(page.url()).not.toContain("once");
      expect(errors).toEqual([]);
    });
  });

  test("approves by keyboard alone, with the count on the button, and goes on at the heading", async () => {
    await visit({}, async ({ page, bench }) => {
      await tabTo(page, /^Approve 412 changes$/);
      await page.keyboard.press("Enter");
      await page.getByText("is approved. Version 2 is live.").waitFor();
      expect(bench.shop.decidedBy).toEqual([PEOPLE.approver]);
      await page.getByText("Nothing waits for you.").waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("proposals-title");
    });
  });

  test("rejects with a note", async () => {
    await visit({}, async ({ page, bench }) => {
      await page.getByLabel("Note for the audit").fill("not in November");
      await page.getByRole("button", { name: "Reject" }).click();
      await page.getByText("is rejected.").waitFor();
      expect(bench.shop.proposals[0]).toMatchObject({ state: "rejected", decisionNote: "not in November" });
    });
  });

  test("sends the digest of what it showed: a proposal that changed meanwhile is not approved", async () => {
    await visit({}, async ({ page, bench }) => {
      const shown = await (await bench.ask("approver", "/api/proposals")).json();
      await page.route("**/api/proposals?*", (route) => route.fulfill({ json: shown }));
      bench.shop.proposals = [proposalOf({ id: "p1", digest: "another" })];
      await page.getByRole("button", { name: "Approve 412 changes" }).click();
      await page.getByText("The proposal is not what was shown.").waitFor();
      expect(bench.shop.proposals[0]?.state).toBe("open");
    });
  });

  test("keeps what was typed into a proposal while the figures around it move", async () => {
    await visit({}, async ({ page, bench }) => {
      const note = page.getByLabel("Note for the audit");
      await note.fill("half a th");
      bench.shop.orders = bench.shop.orders.slice(1);
      await page.getByRole("row", { name: /100000415/ }).waitFor({ state: "detached" });
      expect(await note.inputValue()).toBe("half a th");
      expect(await note.evaluate((element) => element === document.activeElement)).toBe(true);
    });
  });

  test("chats: text, tool rows and a card that leads to the proposal; markup stays text", async () => {
    await visit({}, async ({ page, errors }) => {
      const text = page.getByLabel("Ask for a change");
      await text.fill("Put shipping on 202");
      await text.press("Enter");
      const log = page.getByRole("log");
      await log.getByText("Read the live mapping").waitFor();
      await log.getByText("412 of 500 orders would change. <img src=x onerror=alert(1)>").waitFor();
      expect(await log.locator("img").count()).toBe(0);
      expect(await log.locator("strong", { hasText: "today" }).count()).toBe(1);
      await log.getByRole("link", { name: "Look and decide" }).click();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("proposal-p1");
      expect(errors).toEqual([]);
      await page.reload();
      await page.getByRole("log").getByText("Put shipping on 202").waitFor();
      await page.getByRole("log").getByText("Read the live mapping").waitFor();
    });
  });

  test("stops an answer on the server too", async () => {
    let aborted = false;
    const slow = scriptedChat([...SCRIPT.slice(0, 1), DONE], new Promise(() => undefined));
    const chat: Chat = {
      run(request) {
        request.signal.addEventListener("abort", () => {
          aborted = true;
        });
        return slow.run(request);
      },
    };
    await visit({ chat }, async ({ page }) => {
      await page.getByLabel("Ask for a change").fill("go");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("I will check").waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByRole("log").getByText("Stopped.").waitFor();
      expect(aborted).toBe(true);
    });
  });

  test("syncs one order and shows what came of it", async () => {
    await visit({}, async ({ page }) => {
      await page.getByRole("button", { name: "Sync order 100000415" }).click();
      await page.getByText("Order 100000415: Posted.").waitFor();
      await page.getByRole("row", { name: /100000415.*Posted/s }).waitFor();
      await page.getByRole("button", { name: "100000412", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Order 100000412" });
      await dialog.getByText("approved by Dana").waitFor();
      expect(await dialog.getByRole("link", { name: "MAG-100000412" }).getAttribute("href")).toMatch(
        /^https:/,
      );
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    });
  });

  test("proposes the first mapping and asks what it cannot know", async () => {
    const shop = openShop();
    shop.specs = [];
    shop.proposals = [];
    await visit({ shop }, async ({ page }) => {
      await page.getByRole("button", { name: "Propose the first mapping" }).click();
      await page.getByLabel("Where does the money of stripe_payments arrive?").selectOption("091");
      await page.getByRole("button", { name: "Propose with these answers" }).click();
      await page.locator("#proposal-setup-1").waitFor();
      expect(await page.locator("#proposal-setup-1 select").count()).toBe(0);
    });
  });

  test("says why a viewer's buttons are off", async () => {
    await visit({ who: "viewer" }, async ({ page, bench }) => {
      const approve = page.getByRole("button", { name: "Approve 412 changes" });
      expect(await approve.getAttribute("aria-disabled")).toBe("true");
      await approve.click({ force: true });
      await page.locator("#notice", { hasText: "Needs the role approver." }).waitFor();
      expect(bench.shop.decidedBy).toEqual([]);
    });
  });

  test("a link that was used says so on a page of its own", async () => {
    await visit({}, async ({ page, bench, url }) => {
      const { url: once } = await bench.link(PEOPLE.viewer, url);
      await page.goto(once);
      await page.goto(once);
      await page.getByRole("heading", { name: "This link has been used" }).waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });

  test.each(["light", "dark"] as const)("has no accessibility violation in %s", async (colorScheme) => {
    const shop = openShop();
    shop.proposals = [
      proposalOf({ id: "p1" }),
      proposalOf({
        id: "p0",
        title: "Draft invoices for trade",
        state: "approved",
        decidedBy: "Dana",
        decidedAt: "2026-11-22T10:00:00.000Z",
        publishedVersion: 1,
      }),
    ];
    await visit({ shop, context: { colorScheme, reducedMotion: "reduce" } }, async ({ page }) => {
      await page.getByLabel("Ask for a change").fill("Put shipping on 202");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByRole("link", { name: "Look and decide" }).waitFor();
      for (const summary of await page.locator("summary").all()) await summary.click();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: `${SHOTS}/page-${colorScheme}.png`, fullPage: true });
      await page.getByRole("button", { name: "100000414", exact: true }).click();
      await page.getByText("Add that tax rate in the ledger").waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: `${SHOTS}/order-${colorScheme}.png` });
      await page.goto(new URL("/docs", page.url()).href);
      await page.getByText("/api/status").waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: `${SHOTS}/docs-${colorScheme}.png` });
    });
  });

  test.each([320, 390, 768, 1440])("fits a window of %i px without scrolling sideways", async (width) => {
    await visit({ context: { viewport: { width, height: 900 } } }, async ({ page }) => {
      await page.getByRole("article").waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.screenshot({ path: `${SHOTS}/page-${width}.png`, fullPage: true });
    });
  });
});
