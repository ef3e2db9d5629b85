import { expect, test } from "vitest";
import { readEvents } from "./server-events.ts";

async function eventsOf(chunks: readonly string[]) {
  const body = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
  return Array.fromAsync(readEvents(new Response(body)));
}

test("events are read however the bytes are cut", async () => {
  const text = 'event: text\nid: 1\ndata: {"s":"é"}\n\n: still here\n\nevent: done\r\ndata: {}\r\n\r\n';
  const expected = [
    { event: "text", data: '{"s":"é"}' },
    { event: "done", data: "{}" },
  ];
  expect(await eventsOf([text])).toEqual(expected);
  const bytes = [...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte));
  const byByte = new Response(ReadableStream.from(bytes));
  expect(await Array.fromAsync(readEvents(byByte))).toEqual(expected);
});

test("an event that the stream did not finish is dropped", async () => {
  expect(await eventsOf(["data: whole\n\ndata: ha"])).toEqual([{ event: "message", data: "whole" }]);
});
