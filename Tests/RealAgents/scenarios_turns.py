"""Scenarios of one turn, or of one node."""
import sys
import time

from bench import HERE, expect, wait
from rules import allowed
from scenario import EVERYBODY, scenario


@scenario(*EVERYBODY)
def answers(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) answer"}])
    output = bench.run("run", "w")
    expect(output.count("Hello from the model.") == 1, "the answer is not shown once", output)


@scenario(*EVERYBODY)
def uses_a_tool(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) tool", **allowed(kind)}])
    output = bench.run("run", "w")
    made = bench.workspace / "made.txt"
    expect(made.exists() and made.read_text() == "made by an agent\n", "the tool made no file", output)
    expect("It is written." in output, "the answer after the tool is not shown", output)


@scenario(*EVERYBODY)
def goes_on_in_its_session(bench, kind, models):
    form = {"type": "object", "required": ["ok"], "properties": {"ok": {"type": "boolean"}}}
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) form", "output_format": form}])
    output = bench.run("run", "w")
    expect('{"ok": true}' in output, "the answer that was asked for again is not shown", output)


@scenario(*EVERYBODY)
def says_that_it_is_not_known(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) refused"}])
    output = bench.run("run", "w", status=1)
    expect(bench.failures() == ["authentication"], f"the failures are {bench.failures()}", output)


@scenario(*EVERYBODY)
def ends_when_it_is_cancelled(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) slow", "timeout": "5s", "retry": {"max_attempts": 1}}])
    began = time.monotonic()
    output = bench.run("run", "w", status=1)
    expect(set(bench.failures()) == {"timeout"}, f"the failures are {bench.failures()}", output)
    expect(time.monotonic() - began < 30, "it took too long to end", output)


@scenario("claude", "codex")
def uses_a_server(bench, kind, models):
    server = {"command": sys.executable, "args": [str(HERE / "toy_server.py")],
              "env": {"TOY_TOKEN": "${TOKEN_OF_STEP}"}}
    tools = {"allowed_tools": ["mcp__toy__echo"]} if kind == "claude" else {}
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) server", "mcp": {"toy": server}, **tools,
                          "env": {"TOKEN_OF_STEP": "token"}}])
    output = bench.run("run", "w")
    said = bench.workspace / "echoed.txt"
    expect(said.exists() and said.read_text() == "hey (token)\n", "the server's tool was not used", output)
    expect("It was said again." in output, "the answer after the tool is not shown", output)


@scenario(*EVERYBODY)
def leaves_no_tool_of_a_killed_ion(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) stay", **allowed(kind)}])
    process = bench.start("run", "w")
    wait((bench.workspace / "begun.txt").exists, process, "its tool began")
    process.kill()
    process.communicate()
    output = bench.run("resume", bench.latest_run())
    expect("It is over." in output, "the answer after the tool is not shown", output)
    expect(not bench.programs(), f"the killed Ion left {bench.programs()}", output)


@scenario("claude")
def leaves_nothing_in_the_background(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) background", **allowed(kind)}])
    output = bench.run("run", "w")
    expect("It runs." in output, "the answer is not shown", output)


@scenario("claude")
def says_when_a_limit_is_lifted(bench, kind, models):
    bench.change(ANTHROPIC_API_KEY="", CLAUDE_CODE_OAUTH_TOKEN="none")
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) limited", "retry": {"max_attempts": 1}}])
    output = bench.run("run", "w", status=1)
    expect(bench.failures() == ["rateLimited"], f"the failures are {bench.failures()}", output)
    expect("2030-03-17" in output, "it is not said until when", output)
