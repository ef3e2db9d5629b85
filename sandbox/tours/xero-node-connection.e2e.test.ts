import { expect, test } from "vitest";
import xero from "xero-node";
import { control } from "../ledger/testing-http.ts";
import { only, openSession, openWebAppSession, refusalOf } from "./xero-session.ts";

const SCOPES = ["offline_access", "accounting.contacts", "accounting.settings.read"];
const contactNamed = (name: string) => ({ contacts: [{ name }] });

test("a custom connection gets a token without a refresh token, finds its organisation and disconnects", async () => {
  const { client, api, tenant } = await openSession();
  const tokens = client.readTokenSet();
  expect(tokens).toMatchObject({ expires_in: 1800, token_type: "Bearer" });
  expect(tokens.refresh_token).toBeUndefined();
  const [connection] = await client.updateTenants();
  expect(connection).toMatchObject({ tenantId: tenant, tenantType: "ORGANISATION" });
  expect(connection.createdDateUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/);
  expect(connection.orgData).toMatchObject({
    organisationID: tenant,
    baseCurrency: "GBP",
    countryCode: "GB",
  });
  expect(only((await api.getOrganisations("")).body.organisations).organisationID).toBe(tenant);
  await client.disconnect(connection.id);
  expect(await client.updateTenants(false)).toEqual([]);
  expect((await refusalOf(api.getOrganisations(tenant))).status).toBe(403);
});

test("a web app is consented to, refreshes, may repeat a lost refresh for 30 minutes, and revokes", async () => {
  const { url } = await openSession();
  const { client, api, tenant } = await openWebAppSession(SCOPES, url);
  const first = client.readTokenSet();
  const second = await client.refreshToken();
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(second.access_token).not.toBe(first.access_token);
  expect((await api.getContacts(tenant)).response.status).toBe(200);
  // The answer of the first refresh got lost: the old token is good for half an hour.
  await control(url, "POST", "clock", { advanceSeconds: 29 * 60 });
  await client.refreshWithRefreshToken("tour-app", "tour-secret", first.refresh_token);
  const third = client.readTokenSet();
  await control(url, "POST", "clock", { advanceSeconds: 2 * 60 });
  await expect(
    client.refreshWithRefreshToken("tour-app", "tour-secret", first.refresh_token),
  ).rejects.toMatchObject({ response: { status: 400, data: { error: "invalid_grant" } } });
  client.setTokenSet(third);
  expect((await api.getContacts(tenant)).response.status).toBe(200);
  await client.revokeToken();
  const revoked = await refusalOf(api.getContacts(tenant));
  expect([revoked.status, revoked.body.Detail]).toEqual([401, "AuthenticationUnsuccessful"]);
});

test("an expired token, a foreign token, a wrong tenant and a missing scope are refused in Xero's words", async () => {
  const { url, client, api } = await openSession();
  const web = await openWebAppSession(SCOPES, url);
  const expected = { Type: null, Title: "Unauthorized", Status: 401, Extensions: {} };

  const stranger = await refusalOf(web.api.getOrganisations("11111111-1111-4111-8111-111111111111"));
  expect(stranger.status).toBe(403);
  expect(stranger.body).toMatchObject({
    title: "Forbidden",
    status: 403,
    detail: "AuthenticationUnsuccessful",
  });
  expect((await refusalOf(web.api.getOrganisations(""))).status).toBe(403);

  const unscoped = await refusalOf(web.api.getInvoices(web.tenant));
  expect(unscoped.status).toBe(401);
  expect(unscoped.headers["www-authenticate"]).toBe('Bearer error="insufficient_scope"');
  // Reading is not writing: accounting.settings.read shows the currencies and subscribes to none.
  expect((await web.api.getCurrencies(web.tenant)).response.status).toBe(200);
  const currency = { code: xero.CurrencyCode.USD };
  const readOnly = await refusalOf(web.api.createCurrency(web.tenant, currency));
  expect(readOnly.headers["www-authenticate"]).toContain("insufficient_scope");

  await control(url, "POST", "clock", { advanceSeconds: 1801 });
  const expired = await refusalOf(api.getOrganisations(""));
  expect(expired).toMatchObject({ status: 401, body: expected });
  expect(expired.body.Detail).toMatch(/^TokenExpired: token expired at \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
  await client.getClientCredentialsToken();
  expect((await api.getOrganisations("")).response.status).toBe(200);

  client.setTokenSet({ access_token: "nonsense" });
  const foreign = await refusalOf(api.getOrganisations(""));
  expect(foreign).toMatchObject({
    status: 401,
    body: { ...expected, Detail: "AuthenticationUnsuccessful" },
  });
});

test("an app that the organisation does not know, and a scope that does not exist, get no token", async () => {
  const { url } = await openSession({ clients: [{ id: "tour-app", secret: "tour-secret" }] });
  const other = new xero.XeroClient({
    clientId: "tour-app",
    clientSecret: "wrong",
    grantType: "client_credentials",
  });
  await expect(other.getClientCredentialsToken()).rejects.toMatchObject({
    response: { status: 400, data: { error: "invalid_client" } },
  });
  await expect(openWebAppSession(["accounting.everything"], url)).rejects.toThrow("invalid_scope");
});

test("the minute limit counts down in every answer, refuses with Retry-After, and opens again", async () => {
  const { url, api, tenant } = await openSession({ minuteLimit: 3, minuteSeconds: 30 });
  const remaining: unknown[] = [];
  for (let call = 0; call < 3; call += 1) {
    const { response } = await api.getOrganisations(tenant);
    remaining.push(response.headers["x-minlimit-remaining"]);
    expect(Number(response.headers["x-daylimit-remaining"])).toBe(4999 - call);
    expect(Number(response.headers["x-appminlimit-remaining"])).toBe(9999 - call);
    expect(response.headers["xero-correlation-id"]).toBeTruthy();
  }
  expect(remaining).toEqual(["2", "1", "0"]);
  const refused = await refusalOf(api.createContacts(tenant, contactNamed("Ann Lee")));
  expect([refused.status, refused.body]).toEqual([429, ""]);
  expect(refused.headers).toMatchObject({ "x-rate-limit-problem": "minute", "x-minlimit-remaining": "0" });
  const seconds = Number(refused.headers["retry-after"]);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(30);
  await control(url, "POST", "clock", { advanceSeconds: seconds });
  expect((await api.getContacts(tenant)).body.contacts).toEqual([]);
});

test("the day limit refuses for hours and says which limit it was", async () => {
  const { url, api, tenant } = await openSession({ dayLimit: 2 });
  await api.getOrganisations(tenant);
  await api.getOrganisations(tenant);
  const refused = await refusalOf(api.getOrganisations(tenant));
  expect(refused.status).toBe(429);
  expect(refused.headers).toMatchObject({ "x-rate-limit-problem": "day", "x-daylimit-remaining": "0" });
  const seconds = Number(refused.headers["retry-after"]);
  expect(seconds).toBeLessThanOrEqual(86_400);
  await control(url, "POST", "clock", { advanceSeconds: seconds + 1 });
  // The token has run out in the meantime, which is a 401 and not a limit any more.
  expect((await refusalOf(api.getOrganisations(tenant))).status).toBe(401);
});

test("the sixth call in flight is refused without Retry-After", async () => {
  const { api, tenant } = await openSession({ latencyMs: 100 });
  const calls = Array.from({ length: 6 }, () => api.getOrganisations(tenant));
  const settled = await Promise.allSettled(calls);
  const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused).toHaveLength(1);
  const { status, headers } = await refusalOf(Promise.reject(refused[0]));
  expect(status).toBe(429);
  expect(headers["x-rate-limit-problem"]).toBe("concurrent");
  expect(headers["retry-after"]).toBeUndefined();
  expect((await api.getOrganisations(tenant)).response.status).toBe(200);
});

test("an idempotency key answers again, refuses another request, keeps errors, and forgets after six minutes", async () => {
  const { url, client, api, tenant } = await openSession();
  const made = await api.createContacts(tenant, contactNamed("Ann Lee"), false, "k-1");
  const again = await api.createContacts(tenant, contactNamed("Ann Lee"), false, "k-1");
  expect(only(again.body.contacts).contactID).toBe(only(made.body.contacts).contactID);
  const changed = await refusalOf(api.createContacts(tenant, contactNamed("Bo Chan"), false, "k-1"));
  expect([changed.status, changed.body.Message]).toEqual([
    400,
    "Idempotency Key: k-1 is used with a different request.",
  ]);
  const elsewhere = await refusalOf(
    api.createItems(tenant, { items: [{ code: "A" }] }, false, undefined, "k-1"),
  );
  expect(elsewhere.body.Message).toBe(changed.body.Message);
  expect((await api.getContacts(tenant)).body.contacts).toHaveLength(1);

  // The cause is repaired, yet the key still answers with the error it gave.
  const bill = {
    type: xero.Invoice.TypeEnum.ACCREC,
    contact: { name: "Ann Lee" },
    dueDate: "2026-12-20",
    status: xero.Invoice.StatusEnum.AUTHORISED,
    lineItems: [{ description: "x", quantity: 1, unitAmount: 1, accountCode: "777" }],
  };
  const send = (key: string) => api.createInvoices(tenant, { invoices: [bill] }, true, 4, key);
  const missing = "Account code '777' is not a valid code for this document.";
  expect((await refusalOf(send("k-2"))).messages).toContain(missing);
  await api.createAccount(tenant, { code: "777", name: "Gifts", type: xero.AccountType.REVENUE });
  expect((await refusalOf(send("k-2"))).messages).toContain(missing);
  expect(only((await send("k-3")).body.invoices).status).toBe("AUTHORISED");

  await control(url, "POST", "clock", { advanceSeconds: 361 });
  await client.getClientCredentialsToken();
  const forgotten = await refusalOf(api.createContacts(tenant, contactNamed("Ann Lee"), true, "k-1"));
  expect(forgotten.messages[0]).toMatch(/^The contact name Ann Lee is already assigned to another contact\./);
  const long = await refusalOf(api.createContacts(tenant, contactNamed("Cy"), true, "k".repeat(129)));
  expect(long.status).toBe(400);
});

test("summarizeErrors=false settles each element alone, and without it nothing is saved", async () => {
  const { api, tenant } = await openSession({ behaviour: { batchErrorSavesGood: false } });
  const both = { contacts: [{ name: "Ann Lee" }, { name: "Bo", emailAddress: "not an address" }] };
  const refused = await refusalOf(api.createContacts(tenant, both, true));
  expect(refused.body).toMatchObject({
    ErrorNumber: 10,
    Type: "ValidationException",
    Message: "A validation exception occurred",
  });
  expect(refused.messages).toEqual(["Email address must be valid."]);
  expect((await api.getContacts(tenant)).body.contacts).toEqual([]);
  const { response, body } = await api.createContacts(tenant, both, false);
  expect(response.status).toBe(200);
  const [good, bad] = body.contacts ?? [];
  expect(good).toMatchObject({ statusAttributeString: "OK", hasValidationErrors: false });
  expect(bad).toMatchObject({
    statusAttributeString: "ERROR",
    hasValidationErrors: true,
    contactID: "00000000-0000-0000-0000-000000000000",
    validationErrors: [{ message: "Email address must be valid." }],
  });
  expect((await api.getContacts(tenant)).body.contacts?.map(({ name }) => name)).toEqual(["Ann Lee"]);
});

test("what is wrong with a request as such has its own numbers, and what Xero does not have is not JSON", async () => {
  const { url, api, tenant } = await openSession();
  const empty = await refusalOf(api.createInvoices(tenant, { invoices: [] }, false));
  expect([empty.status, empty.body.ErrorNumber]).toEqual([400, 17]);
  const shape = await refusalOf(
    api.createInvoices(tenant, { invoices: [{ type: "SALE" as never, contact: { name: "Ann" } }] }, false),
  );
  expect([shape.body.ErrorNumber, shape.body.Type]).toEqual([14, "PostDataInvalidException"]);
  expect(shape.body.Elements).toBeUndefined();
  const query = await refusalOf(api.getInvoices(tenant, undefined, 'Total=="65.34"'));
  expect([query.body.ErrorNumber, query.body.Message]).toEqual([
    16,
    "Operator '==' incompatible with operand types 'Decimal?' and 'String'",
  ]);
  const nowhere = await refusalOf(api.getInvoice(tenant, "11111111-1111-4111-8111-111111111111"));
  expect([nowhere.status, nowhere.body]).toEqual([404, "The resource you're looking for cannot be found"]);
  expect(nowhere.headers["content-type"]).toContain("text/html");
  const unbuilt = await refusalOf(api.getQuotes(tenant));
  expect([unbuilt.status, unbuilt.body.ErrorNumber]).toEqual([501, 20]);
  await control(url, "POST", "faults", { match: { path: "Organisation" }, kind: "503" });
  expect((await refusalOf(api.getOrganisations(tenant))).status).toBe(503);
  expect((await api.getOrganisations(tenant)).response.status).toBe(200);
});
