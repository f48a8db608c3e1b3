"""Scenarios of agents that ask for leave before they use a tool."""
import json

from bench import Untried, expect
from drivers import Editor, Terminal
from scenario import scenario

ASKING = ("claude", "acp")


def begin(bench, kind, word):
    """A workflow whose agent may do nothing without being allowed to."""
    if kind == "acp":
        bench.configure(mode="ask")
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) {word}"}])


def execute(editor):
    """Starts the run in an editor."""
    return editor.call("workflow/execute", workflow="w")["runId"]


def asked(editor, run):
    """The next gate that the run asks at."""
    return editor.hears("approval/didChange", runId=run, state="pending")


def respond(editor, gate, option, **more):
    return editor.call("approval/respond", approvalId=gate["approvalId"], optionId=option, **more)


@scenario(*ASKING)
def uses_a_tool_once_it_may(bench, kind, models):
    begin(bench, kind, "tool")
    made = bench.workspace / "made.txt"
    with Terminal(bench, "run", "w") as terminal:
        asked = terminal.shows("Your decision")
        expect("echo made by an agent > made.txt" in asked, "it isn't asked about the command", asked)
        expect(not made.exists(), "the tool was used before anybody allowed it", asked)
        terminal.type("1\n")
        shown = terminal.ends()
    expect(made.exists() and made.read_text() == "made by an agent\n", "the tool made no file", shown)
    answer = bench.run("log", bench.latest_run(), "a")
    expect("It is written." in answer, "there is no answer after the tool", answer)


@scenario(*ASKING)
def goes_on_without_a_tool_that_is_refused(bench, kind, models):
    begin(bench, kind, "tool")
    with Editor(bench) as editor:
        run = execute(editor)
        respond(editor, asked(editor, run), "reject", comment="not now")
        end = editor.waits_for(run)
    expect(end["status"] == "succeeded", f"the run is {end}")
    expect(not (bench.workspace / "made.txt").exists(), "the tool was used although it was refused")
    request = models.asked("tool")[-1]
    expect("refused" in request, "the model isn't told of the refusal", request)
    said = bench.run("log", run, "a", "--stream", "stderr")
    expect("? reject, said an editor: not now" in said, "the log doesn't say who refused", said)


# As the workflows that come with Ion have it where an agent only looks.
LOOKING = {"allowed_tools": ["Read(**)", "Grep(**)", "Glob(**)", "search"]}


@scenario("claude")
def reads_below_its_folder_alone(bench, kind, models):
    inside, outside = bench.workspace / "inside.txt", bench.workspace.parent / "outside.txt"
    inside.write_text("known to all\n")
    outside.write_text("kept aside\n")
    nodes = [{"id": name, "prompt": f"({kind}) look {file}", **LOOKING}
             for name, file in (("a", inside), ("b", outside))]
    bench.workflow("w", nodes)
    bench.run("run", "w")
    told = models.asked("look")
    expect(any("known to all" in request for request in told), "it could not read in its own folder", "\n".join(told))
    expect(not any("kept aside" in request for request in told), "it read outside of its folder", "\n".join(told))


@scenario(*ASKING)
def changes_nothing_where_it_only_looks(bench, kind, models):
    note = bench.workspace / "note.txt"
    note.write_text("old words\n")
    if kind == "acp":
        bench.configure(mode="ask")
    bench.workflow("w", [{"id": "a", "prompt": f"({kind}) change {note}", **LOOKING}])
    output = bench.run("run", "w")
    expect("It is changed." in output, "the run did not go on", output)
    expect(note.read_text() == "old words\n", "the file was changed", output)


@scenario(*ASKING)
def shows_what_a_file_would_become(bench, kind, models):
    note = bench.workspace / "note.txt"
    note.write_text("old words\n")
    begin(bench, kind, f"change {note}")
    with Editor(bench) as editor:
        run = execute(editor)
        gate = asked(editor, run)
        for part in ("```diff", "-old", "+new"):
            expect(part in gate["message"], f"the change is not shown: {part}", gate["message"])
        respond(editor, gate, "approve")
        end = editor.waits_for(run)
    expect(end["status"] == "succeeded", f"the run is {end}")
    expect(note.read_text() == "new words\n", "the file was not changed")


@scenario("claude")
def asks_no_more_for_the_rest_of_its_session(bench, kind, models):
    begin(bench, kind, "twice")
    with Editor(bench) as editor:
        run = execute(editor)
        respond(editor, asked(editor, run), "allow-always")
        end = editor.waits_for(run)
        again = [params["message"] for method, params in editor.heard if method == "approval/didChange"
                 and params["state"] == "pending"]
    expect(end["status"] == "succeeded", f"the run is {end}")
    expect(not again, f"it asked again: {again}")
    for name in ("first.txt", "second.txt"):
        expect((bench.workspace / name).exists(), f"the tool made no {name}")
    settings = [str(path) for path in bench.workspace.glob(".claude/*")]
    expect(not settings, f"what was allowed for a session is kept in {settings}")


@scenario(*ASKING)
def asks_for_one_thing_after_the_other(bench, kind, models):
    begin(bench, kind, "both")
    with Editor(bench) as editor:
        run = execute(editor)
        respond(editor, asked(editor, run), "reject")
        respond(editor, asked(editor, run), "approve")
        end = editor.waits_for(run)
    expect(end["status"] == "succeeded", f"the run is {end}")
    made = sorted(path.name for path in bench.workspace.glob("*.txt"))
    expect(made == ["second.txt"], f"the tools made {made}")


@scenario(*ASKING)
def asks_anew_after_ion_was_killed(bench, kind, models):
    begin(bench, kind, "tool")
    with Terminal(bench, "run", "w") as terminal:
        terminal.shows("Your decision")
        agents = set(bench.programs()) - {terminal.process.pid}
        expect(agents, "no agent works while it waits for an answer")
        run = bench.latest_run()
        terminal.kill()
    with Editor(bench) as editor:
        before = editor.call("workflow/status", runId=run)
        expect(before["status"] == "interrupted", f"the killed run is {before}")
        [old] = editor.call("approval/list", runId=run)["approvals"]
        expect(old["state"] == "cancelled", f"the killed run's gate is {old}")
        editor.call("workflow/resume", runId=run)
        gate = asked(editor, run)
        left = agents & set(bench.programs())
        expect(not left, f"the killed Ion left {left}")
        late = editor.ask("approval/respond", approvalId=old["approvalId"], optionId="approve")
        expect(late.get("error", {}).get("data", {}).get("kind") == "alreadyResolved", f"the old gate took {late}")
        expect(not (bench.workspace / "made.txt").exists(), "the tool was used before anybody allowed it")
        respond(editor, gate, "approve")
        end = editor.waits_for(run)
    expect(end["status"] == "succeeded", f"the run is {end}")
    expect((bench.workspace / "made.txt").exists(), "the tool made no file")
    said = bench.run("log", run, "a", "--attempt", "2", "--stream", "stderr")
    expect("goes on in its agent's session" in said, "the agent was not asked in the session that was cut off", said)


@scenario("codex")
def goes_on_after_its_sandbox_has_refused(bench, kind, models):
    outside = bench.home / "outside.txt"
    bench.workflow("w", [{"id": "a", "prompt": f"(codex) outside {outside}", "sandbox": {"mode": "workspace-write"}}])
    output = bench.run("run", "w")
    items = json.loads(models.asked("outside")[-1])["input"]
    [told] = [item["output"] for item in items if item["type"] == "function_call_output"]
    if not (bench.workspace / "inside.txt").exists():
        raise Untried(f"Codex's sandbox runs nothing here: {told.splitlines()[-1]}")
    expect(not outside.exists(), "it wrote outside of its workspace", output)
    expect("Read-only file system" in told, "the model isn't told of the refusal", told)
    expect("I go on." in output, "the answer after the refusal is not shown", output)
