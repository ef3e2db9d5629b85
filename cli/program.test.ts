import { expect, test } from "vitest";
import { COMMANDS } from "./commands.ts";
import { runProgram } from "./testing.ts";

test("help lists every command and goes to stdout with exit 0", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { exit, stdout, stderr } = await runProgram(args);
    expect(exit).toBe(0);
    expect(stderr).toBe("");
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
  }
});

test("no command at all is bad input, and the help goes to stderr", async () => {
  const { exit, stdout, stderr } = await runProgram([]);
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("counterfoil COMMAND");
});

test.each(COMMANDS.map(({ name }) => name))(
  "counterfoil %s --help explains itself with an example",
  async (name) => {
    const { exit, stdout } = await runProgram([name, "--help"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^counterfoil ${name}`));
    expect(stdout).toContain("--data DIR");
    expect(stdout).toContain("--connection ID");
    expect(stdout).toContain("--json");
    expect(stdout).toMatch(new RegExp(`Examples?\n  counterfoil ${name}`));
  },
);

test("an unknown command names the nearest one", async () => {
  const { exit, stderr, stdout } = await runProgram(["plann"]);
  expect(exit).toBe(2);
  expect(stderr).toBe(
    'counterfoil: there is no command "plann". Did you mean "plan"?\nSee: counterfoil --help\n',
  );
  expect(stdout).toBe("");
});

test("an unknown option names the nearest one, and with --json the failure is one document", async () => {
  const { exit, stdout, stderr } = await runProgram(["plan", "--ordr", "x.json", "--json"]);
  expect(exit).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      kind: "badInput",
      message: "counterfoil plan: there is no option --ordr. Did you mean --order?",
      next: "See: counterfoil plan --help",
    },
  });
  expect(stderr).toContain("--ordr");
});

test.each([
  [["plan", "--order"], "--order expects a value: --order FILE"],
  [["plan", "--order", "--spec", "x"], "--order expects a value"],
  [["plan", "--order="], "--order expects a value"],
  [["status", "--json=yes"], "--json takes no value"],
  [["status", "extra"], '"extra" is one word too many'],
  [["sync"], "an order number (Magento increment_id) is missing"],
  [["plan", "--help=1"], "--help takes no value"],
  [["plan", "--constructor"], "there is no option --constructor"],
])("%j is refused", async (args, message) => {
  const { exit, stderr } = await runProgram(args);
  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});

test("serve and worker say that they need DATABASE_URL", async () => {
  for (const name of ["serve", "worker"]) {
    const { exit, stderr } = await runProgram([name]);
    expect(exit).toBe(2);
    expect(stderr).toContain("DATABASE_URL");
  }
});

test("half of a real account is refused with what is missing", async () => {
  const variables = {
    DATABASE_URL: "postgres://localhost/x",
    MAGENTO_URL: "https://shop.example.com",
    XERO_CLIENT_ID: "x",
  };
  const { exit, stderr } = await runProgram(["worker"], { variables });
  expect(exit).toBe(2);
  expect(stderr).toContain("lacks MAGENTO_CONSUMER_KEY, MAGENTO_CONSUMER_SECRET");
});

test("a token that could be guessed is refused before anything is opened", async () => {
  const variables = { DATABASE_URL: "postgres://localhost/x", COUNTERFOIL_TOKEN: "secret" };
  const { exit, stderr } = await runProgram(["serve"], { variables });
  expect(exit).toBe(2);
  expect(stderr).toContain("COUNTERFOIL_TOKEN is too short");
});
