#!/usr/bin/env python3
"""Runs workflows with real agent programs through a built `ion`, against models that say what they are told.

    run_agents.py ION AGENT... [--only WORDS] [--keep]

AGENT is KIND=COMMAND: `claude=/path/to/claude`, `codex=/path/to/codex`, `acp=/path/to/python /path/to/agent.py`.
Every scenario gets a workspace and a home of its own, so that nothing of the machine's configuration counts. What went
wrong is said with the end of what Ion printed; --only runs the scenarios whose names have these words, --keep leaves the
folders.
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def shell(kind, command):
    """The call of the tool that runs a command."""
    if kind == "codex":
        return {"name": "exec_command", "input": {"cmd": command}}
    return {"name": "Bash", "input": {"command": command, "description": "Do what was asked"}}


def echo(kind):
    """The call of the tool of `toy_server.py`."""
    if kind == "codex":
        return {"name": "echo", "namespace": "mcp__toy", "input": {"text": "hey"}}
    return {"name": "mcp__toy__echo", "input": {"text": "hey"}}


def rules(kind, slow=None):
    """What the models of an agent say; what is `slow` of it, they say after a while."""
    def when(word, *turns):
        first, *others = turns
        return {"when": rf"\({kind}\) {word}", "turns": [{"delay": 3 if word == slow else 0, **first}, *others]}

    return [
        when("answer", {"thinking": "Easy.", "text": "Hello from the model.", "pieces": 3}),
        when("tool", {"text": "I write it.", "tools": [shell(kind, "echo made by an agent > made.txt; echo done")]},
             {"text": "It is written."}),
        when("form", {"text": "no JSON at all"}, {"text": '{"ok": true}'}),
        when("refused", {"status": 401, "error": "authentication_error", "message": "no such key"}),
        when("limited", {"status": 429, "error": "rate_limit_error", "message": "too much", "headers": {
            "retry-after": "3600", "anthropic-ratelimit-unified-status": "rejected",
            "anthropic-ratelimit-unified-reset": "1900000000",
            "anthropic-ratelimit-unified-representative-claim": "five_hour"}}),
        when("server", {"tools": [echo(kind)]}, {"text": "It was said again."}),
        when("background", {"tools": [{"name": "Bash", "input": {"command": "sleep 777", "run_in_background": True}}]},
             {"text": "It runs."}),
        when("slow", {"text": "slow " * 50, "pieces": 50, "every": 1}),
        when("plan", {"text": "The plan: one file."}),
        when("build", {"text": "I try.", "tools": [shell(kind, TRY)]}, {"text": "Tried."}),
        when("summary", {"text": "It is shipped."}),
    ]


# A try that is good enough the second time.
TRY = "echo try >> tries.txt; if [ $(wc -l < tries.txt) -ge 2 ]; then touch done.txt; fi; echo tried"


class Models:
    """The model service, for as long as a `with` lasts."""

    def __init__(self, folder, script):
        self.log = folder / "requests.jsonl"
        (folder / "models.json").write_text(json.dumps(script))
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "scripted_models.py"), str(folder / "models.json")], stdout=subprocess.PIPE,
            text=True, env={**os.environ, "REQUEST_LOG": str(self.log)})
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def asked(self):
        """Everything that models were asked."""
        return self.log.read_text() if self.log.exists() else ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def provider(kind, command, models):
    """The provider's definition in the configuration."""
    program, *arguments = shlex.split(command)
    definition = {"kind": kind, "command": program, "args": arguments, "env": {}}
    if kind in ("claude", "acp"):
        definition["env"] = {"ANTHROPIC_BASE_URL": models.url, "ANTHROPIC_API_KEY": "none", "DISABLE_AUTOUPDATER": "1",
                             "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
    if kind == "codex":
        service = f'{{name="scripted",base_url="{models.url}/v1",wire_api="responses",env_key="KEY"}}'
        definition["args"] = arguments + ["-c", "model_provider=scripted", "-c", f"model_providers.scripted={service}"]
        definition["env"] = {"KEY": "none"}
        definition["model"] = "scripted"
    return definition


class Bench:
    """A workspace with a home, an agent, and Ion."""

    def __init__(self, ion, folder, definition):
        self.ion = ion
        self.workspace = folder / "workspace"
        self.home = folder / "home"
        for path in (self.workspace / ".ion/workflows", self.home, folder / "run"):
            path.mkdir(parents=True)
        # A codebase ends at its `.git`, and Codex's sandbox puts one into /tmp for moments.
        subprocess.run(["git", "init", "--quiet", str(self.workspace)], check=True)
        self.definition = definition
        self.change()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8",
                            "XDG_RUNTIME_DIR": str(folder / "run"), "NO_COLOR": "1"}

    def change(self, **variables):
        """Gives the agent's program other variables."""
        self.definition["env"].update(variables)
        # YAML reads JSON.
        (self.workspace / ".ion/config.yaml").write_text(
            json.dumps({"provider": "agent", "providers": {"agent": self.definition}}))

    def workflow(self, name, nodes, **more):
        (self.workspace / f".ion/workflows/{name}.yaml").write_text(json.dumps({"name": name, "nodes": nodes, **more}))

    def start(self, *arguments):
        return subprocess.Popen([self.ion, *arguments], cwd=self.workspace, env=self.environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *arguments, status=0):
        process = self.start(*arguments)
        try:
            output, _ = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failure(f"`ion {' '.join(arguments)}` did not end", process.communicate()[0])
        if process.returncode != status:
            raise Failure(f"`ion {' '.join(arguments)}` ended with {process.returncode}, not {status}", output)
        return output

    def latest_run(self):
        output = self.run("runs", "--json")
        runs = json.loads(output)["runs"]
        expect(runs, "no run is listed", output)
        return runs[0]["runId"]

    def leftovers(self):
        """Programs that still work in the workspace."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(process / "cwd").startswith(str(self.workspace)):
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200])
        return found

    def failures(self):
        """How the steps of all runs failed, by the words of the log."""
        store = next((self.workspace / ".ion").glob("**/*.sqlite"))
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            rows = connection.execute("select payload from event where kind = 'stepFailed' order by seq").fetchall()
        return [json.loads(payload)["failure"] for payload, in rows]


class Failure(Exception):
    pass


def expect(condition, words, output=""):
    if not condition:
        raise Failure(words, output)


# What every agent has to do. Each takes a bench, the agent's kind and the models.

def answers(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) answer"}])
    output = bench.run("run", "w")
    expect("Hello from the model." in output, "the answer is not shown", output)


def uses_a_tool(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) tool", **allowed(kind)}])
    output = bench.run("run", "w")
    made = bench.workspace / "made.txt"
    expect(made.exists() and made.read_text() == "made by an agent\n", "the tool made no file", output)
    expect("It is written." in output, "the answer after the tool is not shown", output)


def goes_on_in_its_session(bench, kind, models):
    form = {"type": "object", "required": ["ok"], "properties": {"ok": {"type": "boolean"}}}
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) form", "output_format": form}])
    output = bench.run("run", "w")
    expect('{"ok": true}' in output, "the answer that was asked for again is not shown", output)


def says_that_it_is_not_known(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) refused"}])
    output = bench.run("run", "w", status=1)
    expect(bench.failures() == ["authentication"], f"the failures are {bench.failures()}", output)


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


def ends_when_it_is_cancelled(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) slow", "timeout": "5s", "retry": {"max_attempts": 1}}])
    began = time.monotonic()
    output = bench.run("run", "w", status=1)
    expect(set(bench.failures()) == {"timeout"}, f"the failures are {bench.failures()}", output)
    expect(time.monotonic() - began < 30, "it took too long to end", output)


def leaves_nothing_in_the_background(bench, kind, models):
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) background", **allowed(kind)}])
    output = bench.run("run", "w")
    expect("It runs." in output, "the answer is not shown", output)


SCENARIOS = [answers, uses_a_tool, goes_on_in_its_session, says_that_it_is_not_known, ends_when_it_is_cancelled]


def says_when_a_limit_is_lifted(bench, kind, models):
    bench.change(ANTHROPIC_API_KEY="", CLAUDE_CODE_OAUTH_TOKEN="none")
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) limited", "retry": {"max_attempts": 1}}])
    output = bench.run("run", "w", status=1)
    expect(bench.failures() == ["rateLimited"], f"the failures are {bench.failures()}", output)
    expect("2030-03-17" in output, "it is not said until when", output)


def ships(bench, kind, models):
    """A plan, tries until one is good, a gate and a summary."""
    workflow_to_ship(bench, kind)
    finish(bench, bench.run("run", "ship", status=WAITING))


def killed_while(phase):
    """The same, with Ion killed once the model was asked in a phase, and resumed in the agent's own session."""
    def ships_though_killed(bench, kind, models):
        workflow_to_ship(bench, kind)
        process = bench.start("run", "ship")
        if phase == "summary":
            process.communicate(timeout=120)
            process = bench.start("approve", bench.latest_run())
        while f"({kind}) {phase}" not in models.asked():
            expect(process.poll() is None, f"the run ended before its {phase}")
            time.sleep(0.05)
        process.kill()
        output, _ = process.communicate(timeout=60)
        again = bench.run("resume", bench.latest_run(), status=0 if phase == "summary" else WAITING)
        finish(bench, again, approve=phase != "summary")
        node = "build#1/build" if phase == "build" else phase
        said = bench.run("log", bench.latest_run(), node, "--attempt", "2", "--stream", "stderr")
        expect("goes on in its agent's session" in said, "the agent was not asked in the session that was cut off", said)
        expect(not bench.leftovers(), f"the killed Ion left {bench.leftovers()}", output)

    ships_though_killed.__name__ = f"ships though killed in its {phase}"
    ships_though_killed.slow = phase
    return ships_though_killed


def workflow_to_ship(bench, kind):
    bench.workflow("ship", [
        {"id": "plan", "prompt": f"({kind}) plan"},
        {"id": "build", "depends_on": ["plan"], **allowed(kind), "loop": {
            "prompt": f"({kind}) build $plan.output", "until_bash": "test -e done.txt", "max_iterations": 4}},
        {"id": "gate", "depends_on": ["build"], "approval": {"message": "Ship it?"}},
        {"id": "summary", "depends_on": ["gate"], "prompt": f"({kind}) summary"},
    ])


def finish(bench, output, approve=True):
    expect((bench.workspace / "done.txt").exists(), "no try was good", output)
    if approve:
        output += bench.run("approve", bench.latest_run())
    expect("It is shipped." in output, "the summary is not shown", output)


WAITING = 3
SCENARIOS += [ships, *map(killed_while, ("plan", "build", "summary"))]
OWN_SCENARIOS = {"claude": [uses_a_server, leaves_nothing_in_the_background, says_when_a_limit_is_lifted],
                 "codex": [uses_a_server]}


def allowed(kind):
    return {"allowed_tools": ["Bash"]} if kind == "claude" else {}


def main():
    arguments = sys.argv[1:]
    keep = "--keep" in arguments
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else None
    ion, *agents = [word for word in arguments if not word.startswith("--") and word != only]
    attempts = []
    # Most of their time they wait.
    with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
        for kind, command in (agent.split("=", 1) for agent in agents):
            for scenario in SCENARIOS + OWN_SCENARIOS.get(kind, []):
                if only is None or only in title(scenario):
                    attempts.append(pool.submit(attempt, os.path.abspath(ion), kind, command, scenario, keep))
    went_well = [one.result() for one in attempts]
    print(f"    {sum(went_well)} of {len(went_well)} scenarios went well", flush=True)
    sys.exit(0 if went_well and all(went_well) else 1)


def title(scenario):
    return scenario.__name__.replace("_", " ")


def attempt(ion, kind, command, scenario, keep):
    """Whether a scenario went well."""
    name = f"{kind}: {title(scenario)}"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ion-real-agents-"))
    began = time.monotonic()
    try:
        with Models(folder, rules(kind, getattr(scenario, "slow", None))) as models:
            bench = Bench(ion, folder, provider(kind, command, models))
            scenario(bench, kind, models)
        print(f"  ✓ {name}, {time.monotonic() - began:.1f} s", flush=True)
        return True
    except Failure as failure:
        words, output = (*failure.args, "")[:2]
        end = "".join(f"      {line}\n" for line in output.splitlines()[-40:])
        print(f"  ✗ {name}: {words}\n{end}", end="", flush=True)
        return False
    finally:
        if keep:
            print(f"    {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
