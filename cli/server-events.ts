/** Reads a response of server-sent events, block by block. */

export type ServerEvent = { readonly event: string; readonly data: string };

const BLOCK_CHARS_MAX = 4_000_000;

/** Comments and blocks without data are skipped; a stream that ends within a block drops that block, as the standard says. */
export async function* readEvents(response: Response): AsyncIterable<ServerEvent> {
  if (response.body === null) return;
  let waiting = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    waiting = (waiting + text).replaceAll("\r\n", "\n");
    if (waiting.length > BLOCK_CHARS_MAX) throw new Error("an event of the stream is too long");
    const blocks = waiting.split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== undefined) yield event;
    }
  }
}

function parseBlock(block: string): ServerEvent | undefined {
  const fields = block.split("\n").map((line) => /^(event|data): ?(.*)$/.exec(line));
  const values = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ""] : []));
  const data = values("data");
  return data.length === 0
    ? undefined
    : { event: values("event").at(-1) ?? "message", data: data.join("\n") };
}
