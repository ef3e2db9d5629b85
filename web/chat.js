// The assistant. A reload comes back to a run that is still going; Stop ends it on the server too.
import { at, eventsOf, get, post, Refused, request } from "./api.js";
import { openTurn } from "./chat-turn.js";
import { byId, h, say } from "./dom.js";

const RUNS_KEY = "counterfoil-runs";
const SESSION_KEY = "counterfoil-session";
const RUNS_KEPT = 20;
/** Customer groups that every shop has; a request about another one says more. */
const USUAL_GROUPS = ["NOT LOGGED IN", "General"];
let onProposal = async () => undefined;
/** The run that is being read; null when none is. */
let current = null;

export async function startChat(permissions, proposed) {
  onProposal = proposed;
  const text = byId("chat-text");
  const form = byId("chat-form");
  if (!permissions.includes("chat")) {
    text.disabled = true;
    byId("chat-send").disabled = true;
    byId("chat-why").textContent = "Needs the role operator.";
    return;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(text.value.trim());
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  byId("chat-stop").addEventListener("click", stop);
  await resumeAll();
}

async function resumeAll() {
  const runs = remembered();
  if (runs.length === 0) await showExamples();
  for (const { run, text } of runs) {
    const view = openTurn(text);
    const response = await request(at(`/chat/${run}/events`), {}).catch(() => null);
    if (response === null) view.note("This answer is no longer kept.");
    else await read(response, view);
  }
}

async function showExamples() {
  const texts = ["Which orders are held, and why?", "Do both sides agree?", ...(await ownExamples())];
  if (current !== null) return;
  byId("chat-log").replaceChildren(
    h(
      "div",
      { class: "examples" },
      h("p", { class: "muted" }, "For example:"),
      ...texts.map((text) => h("button", { type: "button", class: "quiet", onclick: () => ask(text) }, text)),
    ),
  );
}

/** Requests from this shop's own groups and accounts, so that they can be sent as they are. */
async function ownExamples() {
  const profile = await get("/profile").catch(() => null);
  const group = profile?.store.customerGroups.find(({ name }) => !USUAL_GROUPS.includes(name));
  const account = profile?.org.accounts.filter(
    ({ type, status }) => type === "REVENUE" && status === "ACTIVE",
  )[1];
  if (group === undefined || account === undefined) return [];
  return [`Sales to the customer group ${group.name} go to account ${account.code}.`];
}

async function ask(text) {
  if (text === "" || current !== null) return;
  byId("chat-log").querySelector(".examples")?.remove();
  byId("chat-text").value = "";
  const view = openTurn(text);
  const stopping = new AbortController();
  setRunning({ run: null, stopping });
  try {
    const response = await request(at("/chat"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, session: conversation() }),
      signal: stopping.signal,
    });
    const run = response.headers.get("counterfoil-run");
    remember({ run, text });
    setRunning({ run, stopping });
    await read(response, view);
  } catch (error) {
    if (error.name === "AbortError") view.note("Stopped.");
    else
      view.fail(
        error instanceof Refused ? error.message : "The connection broke. Reload to see the rest.",
        text,
      );
  } finally {
    setRunning(null);
    byId("chat-text").focus();
  }
}

async function stop() {
  if (current === null) return;
  const { run, stopping } = current;
  if (run === null) return stopping.abort();
  await post(`/chat/${run}/stop`).catch((error) => say(error.message, "bad"));
}

function setRunning(run) {
  current = run;
  byId("chat-send").hidden = run !== null;
  byId("chat-stop").hidden = run === null;
  byId("chat-log").setAttribute("aria-busy", String(run !== null));
}

async function read(response, view) {
  for await (const event of eventsOf(response)) {
    if (event.t === "text") view.text(event.s);
    if (event.t === "tool") view.tool(event.v);
    if (event.t === "result") view.result(event);
    if (event.t === "proposal") {
      view.proposal(event.v);
      await onProposal();
    }
    if (event.t === "error") view.fail(event.message, event.retryable ? askAgain(view.asked) : null);
  }
  view.end();
}

const askAgain = (text) => () => ask(text);

/** The browser tab's own conversation; another tab is another one. */
function conversation() {
  const known = sessionStorage.getItem(SESSION_KEY) ?? crypto.randomUUID();
  sessionStorage.setItem(SESSION_KEY, known);
  return known;
}

const remembered = () => JSON.parse(sessionStorage.getItem(RUNS_KEY) ?? "[]");
const remember = (run) =>
  sessionStorage.setItem(RUNS_KEY, JSON.stringify([...remembered(), run].slice(-RUNS_KEPT)));
