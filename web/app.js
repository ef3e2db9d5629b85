// Puts the page together: who is here, what they may do, the live status, and what follows from its changes.
import { at, chooseConnection, currentConnection, get, post, Refused } from "./api.js";
import { startChat } from "./chat.js";
import { byId, h, say } from "./dom.js";
import { allowOrders, showOrders } from "./orders.js";
import { allowProposals, focusProposal, showProposals } from "./proposals.js";
import { showStatus } from "./status.js";

const REFRESH_MS = 1_000;
let status = null;

async function start() {
  const [me, connections] = await Promise.all([get("/me"), get("/connections")]);
  byId("me").textContent = `${me.actor.name}, ${me.actor.role}`;
  byId("sign-out").addEventListener("click", async () => {
    await post("/sign-out");
    location.assign("/");
  });
  showConnection(connections);
  allowOrders(me.may);
  allowProposals(me.may, refresh);
  status = await get("/status");
  showStatus(status);
  await Promise.all([showOrders(), showProposals(status)]);
  const asked =
    new URLSearchParams(location.search).get("proposal") ?? /^#proposal-(.+)$/.exec(location.hash)?.[1];
  if (asked) focusProposal(asked);
  watch();
  await startChat(me.may, refresh);
}

function showConnection(connections) {
  const [first] = connections;
  const chosen = connections.find(({ id }) => id === currentConnection()) ?? first;
  if (chosen === undefined) return;
  chooseConnection(chosen.id);
  document.body.dataset.environment = chosen.environment;
  byId("environment").textContent = chosen.environment === "sandbox" ? "Sandbox" : "Production";
  const place = byId("where");
  if (connections.length === 1) place.textContent = `${chosen.name} → ${chosen.ledgerName}`;
  else place.replaceChildren(connectionSelect(connections, chosen));
}

const connectionSelect = (connections, chosen) =>
  h(
    "select",
    {
      "aria-label": "Connection",
      onchange: (event) => location.assign(`/?connection=${encodeURIComponent(event.target.value)}`),
    },
    ...connections.map(({ id, name, ledgerName }) =>
      h("option", { value: id, selected: id === chosen.id }, `${name} → ${ledgerName}`),
    ),
  );

/** The server says when something changed; a tab that nobody looks at does not listen. */
function watch() {
  let source = null;
  const listen = () => {
    source?.close();
    source = new EventSource(at("/events"));
    source.addEventListener("open", () => showLive("Live", "good"));
    source.addEventListener("status", (event) => {
      status = JSON.parse(event.data);
      showStatus(status);
      showLive("Live", "good");
      refreshSoon();
    });
    source.addEventListener("trouble", () => showLive("Status cannot be read; old figures", "look"));
    source.addEventListener("error", () => {
      const closed = source.readyState === EventSource.CLOSED;
      showLive(closed ? "Signed out. Open a new link." : "Live feed lost, trying again", "look");
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else listen();
  });
  listen();
}

function showLive(text, kind) {
  const live = byId("live");
  if (live.textContent !== text) live.textContent = text;
  live.dataset.kind = kind;
}

let due = null;
let lastMs = 0;
/** At most once a second however fast the status changes; the last change is never left out. */
function refreshSoon() {
  if (due !== null) return;
  const waitMs = Math.max(0, lastMs + REFRESH_MS - Date.now());
  due = setTimeout(async () => {
    due = null;
    await refresh();
  }, waitMs);
}

async function refresh() {
  lastMs = Date.now();
  try {
    await Promise.all([showOrders(), showProposals(status)]);
  } catch (error) {
    say(error instanceof Refused ? error.message : "The page could not be brought up to date.", "bad");
  }
}

start().catch((error) => {
  if (error instanceof Refused && error.problem.kind === "unauthenticated") location.assign("/");
  else say(error.message, "bad");
});
