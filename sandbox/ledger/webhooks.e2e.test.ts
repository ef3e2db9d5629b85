import { expect, test } from "vitest";
import { invoiceOf } from "./testing.ts";
import { connect, control, openReceiver, start } from "./testing-http.ts";

/** facts/xero.md section 6. */

const WAIT = { timeout: 20_000 };

test("the intent to receive is passed, then events come signed, again when they were refused", async () => {
  const receiver = await openReceiver();
  const { url } = await start();
  const result = await control(url, "POST", "webhook", { url: receiver.url, key: receiver.key });
  expect(result).toMatchObject({ isActive: true });
  expect(result.answers.map(({ status }: { status: number }) => status)).toEqual([200, 401, 200, 401]);
  receiver.isFailing = true;
  const { send, tenant } = await connect(url);
  const contactId = (await send("PUT", "Contacts", { Name: "Ann Lee" })).body.Contacts[0].ContactID;
  await expect.poll(() => receiver.refused, WAIT).toBeGreaterThan(0);
  receiver.isFailing = false;
  await send("PUT", "Invoices", invoiceOf(contactId));
  await expect.poll(() => receiver.events.length, WAIT).toBe(2);
  expect(receiver.events[0]).toMatchObject({
    eventCategory: "CONTACT",
    eventType: "CREATE",
    resourceId: contactId,
    tenantId: tenant,
    tenantType: "ORGANISATION",
  });
  expect(receiver.events[1].eventDateUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
});

test("a receiver that takes wrongly signed deliveries gets no events", async () => {
  const receiver = await openReceiver();
  const { url } = await start();
  const result = await control(url, "POST", "webhook", { url: receiver.url, key: "another key" });
  expect(result.isActive).toBe(false);
});

test("after a day of refusals webhooks are off, until they are enabled again", async () => {
  const receiver = await openReceiver();
  const { url } = await start();
  const target = { url: receiver.url, key: receiver.key };
  await control(url, "POST", "webhook", target);
  receiver.isFailing = true;
  const { send } = await connect(url);
  await send("PUT", "Contacts", { Name: "Ann Lee" });
  await expect.poll(() => receiver.refused, WAIT).toBeGreaterThan(0);
  await control(url, "POST", "clock", { advanceSeconds: 25 * 3_600 });
  const before = receiver.refused;
  await expect.poll(() => receiver.refused, WAIT).toBeGreaterThan(before);
  receiver.isFailing = false;
  const later = await connect(url);
  await later.send("PUT", "Contacts", { Name: "Bo Berg" });
  expect(receiver.events).toEqual([]);
  expect(await control(url, "POST", "webhook", target)).toMatchObject({ isActive: true });
  await expect.poll(() => receiver.events.length, WAIT).toBe(1);
});
