import { createHash } from "node:crypto";
import type { Books } from "../books/books.ts";
import type { OrgSeed } from "../books/scenario.ts";
import { jsonReply, type Reply } from "../wire/envelope.ts";
import { say } from "../wire/messages.ts";

/** Idempotency-Key (facts/xero.md section 3): POST, PUT and PATCH; six minutes from first use; errors are kept too. */
const KEY_LENGTH_MAX = 128;
const LIFE_MS = 6 * 60_000;
const PRUNE_EVERY = 200;

export type KeyedRequest = {
  method: string;
  url: string;
  body: Buffer;
  key: string | undefined;
  clientId: string;
};

type Answered = { reply: Reply; isReplay: boolean };

/**
 * `run` executes the request and calls `seal` with the answer before it commits, so that the answer is on disk
 * together with what it answers for.
 */
export function createIdempotency(books: Books, org: OrgSeed, nowMs: () => number) {
  const pending = new Map<string, { fingerprint: string; done: Promise<void> }>();
  let answersSincePrune = 0;

  function recall(id: string, fingerprint: string, key: string): Answered | undefined {
    const answer = books.get("answers", id);
    if (answer === undefined || nowMs() - answer.firstUseMs >= LIFE_MS) return undefined;
    if (answer.fingerprint !== fingerprint) return { reply: mismatch(key), isReplay: false };
    const { status, contentType, body } = answer;
    return { reply: { status, contentType, body }, isReplay: true };
  }

  function remember(id: string, fingerprint: string, firstUseMs: number, reply: Reply): void {
    const known = books.get("answers", id);
    const isTaken = known !== undefined && nowMs() - known.firstUseMs < LIFE_MS;
    if (isTaken || typeof reply.body !== "string") return;
    const { status, contentType, body } = reply;
    books.put("answers", { id, fingerprint, firstUseMs, status, contentType, body });
    answersSincePrune += 1;
    if (answersSincePrune < PRUNE_EVERY) return;
    answersSincePrune = 0;
    for (const old of books.all("answers"))
      if (nowMs() - old.firstUseMs >= LIFE_MS) books.remove("answers", old.id);
  }

  return async function answer(
    request: KeyedRequest,
    run: (seal: (reply: Reply) => void) => Promise<Reply>,
  ): Promise<Answered> {
    const { key } = request;
    if (key === undefined || !["POST", "PUT", "PATCH"].includes(request.method)) {
      return { reply: await run(() => {}), isReplay: false };
    }
    if (key.length > KEY_LENGTH_MAX) return { reply: tooLong(), isReplay: false };
    const id = `${request.clientId}/${key}`;
    const fingerprint = fingerprintOf(request);
    const waiting = pending.get(id);
    if (waiting !== undefined && waiting.fingerprint !== fingerprint)
      return { reply: mismatch(key), isReplay: false };
    // What two requests with one key do at the same time is not documented: a switch.
    if (waiting !== undefined && org.behaviour.concurrentKey === "second-waits") await waiting.done;
    const known = recall(id, fingerprint, key);
    if (known !== undefined) return known;
    const firstUseMs = nowMs();
    let finish: () => void = () => {};
    pending.set(id, { fingerprint, done: new Promise<void>((resolve) => (finish = resolve)) });
    try {
      const reply = await run((answered) => remember(id, fingerprint, firstUseMs, answered));
      return { reply, isReplay: false };
    } finally {
      pending.delete(id);
      finish();
    }
  };
}

function fingerprintOf({ method, url, body }: KeyedRequest): string {
  return createHash("sha256").update(`${method} ${url}\n`).update(body).digest("hex");
}

/** The envelope is not known; the sentence is (examples/errors/400_idempotency_mismatch.json). */
const mismatch = (key: string): Reply => jsonReply(400, { Message: say.keyReused(key) });
const tooLong = (): Reply =>
  jsonReply(400, { Message: `Idempotency Key must not be longer than ${KEY_LENGTH_MAX} characters.` });
