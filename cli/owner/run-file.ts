/** `run.json`: where the owner of a data folder listens, and the tokens of the commands of this machine. */
import { z } from "zod";
import { type Folder, readJsonFile } from "./folder.ts";

export const RunFile = z.strictObject({
  pid: z.int(),
  port: z.int(),
  url: z.url().describe("what commands call: the loopback address"),
  token: z.string().describe("of the person who can read this folder: role admin"),
  mcpToken: z.string().describe("of language models: it can propose and never decide"),
  startedAt: z.iso.datetime(),
  version: z.string(),
});
export type RunFile = z.infer<typeof RunFile>;

export const readRunFile = (folder: Folder): Promise<RunFile | undefined> =>
  readJsonFile(folder.run, RunFile);
