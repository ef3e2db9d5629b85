import type { Command } from "../command.ts";
import { serverNeeds } from "../server/needs.ts";
import { reportFailure } from "../terminal.ts";

export const serve: Command = {
  usage: "[--port P] [--host HOST] [--public-url URL]",
  about:
    "Serves the API and the page on the database in DATABASE_URL; `worker` processes deliver. Any number of each share one database. COUNTERFOIL_TOKEN is the administrator's token of all of them; commands on another machine use it with COUNTERFOIL_URL. Prints one link that signs you in once.",
  options: {
    port: { value: "P", help: "port (default 4310; 0 takes a free one)" },
    host: { value: "HOST", help: "address to listen on (default 127.0.0.1)" },
    "public-url": { value: "URL", help: "the address that people use, such as https://books.example.com" },
  },
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["serve --port 4310", "serve --host 0.0.0.0 --public-url https://books.example.com"],
  run: async (call, context) => {
    const needs = await serverNeeds(context);
    if (!needs.ok) return reportFailure(context.terminal, needs.error, call.json);
    const { runServe } = await import("../server/serve.ts");
    return runServe(call, context, needs.value);
  },
};
