// Calls to our own API. A refusal is thrown as Refused with the server's words and what to do next.

export class Refused extends Error {
  constructor(problem) {
    super(`${problem.detail} ${problem.next}`);
    this.problem = problem;
  }
}

let connection = new URLSearchParams(location.search).get("connection");
export const currentConnection = () => connection;
export const chooseConnection = (id) => {
  connection = id;
};

/** An API address with the connection that the page shows. */
export function at(path, query = {}) {
  const all = Object.entries({ connection, ...query }).filter(([, value]) => value !== null);
  return `/api${path}?${new URLSearchParams(all)}`;
}

export const get = (path, query) => call(at(path, query), {});

export const post = (path, body = {}, query = {}) =>
  call(at(path, query), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function call(address, options) {
  const response = await request(address, options);
  return response.status === 204 ? null : response.json();
}

export async function request(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({
      kind: "offline",
      detail: "Counterfoil does not answer.",
      next: "Is it still running?",
    });
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => null);
  throw new Refused(problem ?? { kind: "unknown", detail: `Answer ${response.status}.`, next: "Try again." });
}

/** The events of a stream that fetch opened, as they come. */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data: "));
      const id = /^id: (.*)$/m.exec(block)?.[1] ?? "0";
      if (data.length > 0)
        yield { id: Number(id), ...JSON.parse(data.map((line) => line.slice(6)).join("\n")) };
    }
  }
}
