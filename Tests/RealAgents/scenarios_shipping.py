"""Scenarios of a workflow that outlives Ion in each phase: a plan, tries until one is good, a gate and a summary."""
import json

from bench import PATIENCE, expect
from drivers import Terminal
from rules import allowed
from scenario import EVERYBODY, scenario

WAITING = 3


@scenario(*EVERYBODY)
def ships(bench, kind, models):
    workflow_to_ship(bench, kind)
    finish(bench, models, bench.run("run", "ship", status=WAITING))


def killed_while(phase):
    """Ion is killed once the model was asked in a phase, and the run resumed in the agent's own session."""
    @scenario(*EVERYBODY, slow=phase, name=f"ships though killed in its {phase}")
    def ships_though_killed(bench, kind, models):
        workflow_to_ship(bench, kind)
        process = bench.start("run", "ship")
        if phase == "summary":
            process.communicate(timeout=PATIENCE)
            process = bench.start("approve", bench.latest_run())
        models.wait(phase, process)
        process.kill()
        output, _ = process.communicate(timeout=PATIENCE)
        again = bench.run("resume", bench.latest_run(), status=0 if phase == "summary" else WAITING)
        finish(bench, models, again, approve=phase != "summary")
        node = "build#1/build" if phase == "build" else phase
        said = bench.run("log", bench.latest_run(), node, "--attempt", "2", "--stream", "stderr")
        expect("goes on in its agent's session" in said, "the agent was not asked in the session that was cut off", said)
        expect(not bench.programs(), f"the killed Ion left {bench.programs()}", output)


for each in ("plan", "build", "summary"):
    killed_while(each)


@scenario(*EVERYBODY)
def ships_though_killed_at_its_gate(bench, kind, models):
    workflow_to_ship(bench, kind)
    with Terminal(bench, "run", "ship") as terminal:
        terminal.shows("Ship it?")
        terminal.shows("Your decision")
        before = asked(models)
        terminal.kill()
    gates = json.loads(bench.run("gates", "--json"))["approvals"]
    run = bench.latest_run()
    expect([(gate["runId"], gate["nodeId"]) for gate in gates] == [(run, "gate")], f"the gates are {gates}")
    finish(bench, models, "")
    said = bench.run("log", run, "summary", "--stream", "stderr")
    expect("goes on from a copy of session" in said, "the summary went on in no session", said)
    expect(asked(models) == before, f"plan and build were asked {before} times before, and now {asked(models)}")
    shown, _ = bench.show()
    expect(shown["attempt"] == 1, "a run that only waited for an answer was begun anew")


def asked(models):
    """How often the models were asked for what comes before the gate."""
    return {word: len(models.asked(word)) for word in ("plan", "build")}


def workflow_to_ship(bench, kind):
    bench.workflow("ship", [
        {"id": "plan", "prompt": f"({kind}) plan"},
        {"id": "build", "depends_on": ["plan"], **allowed(kind), "loop": {
            "prompt": f"({kind}) build $plan.output", "until_bash": "test -e done.txt", "max_iterations": 4}},
        {"id": "gate", "depends_on": ["build"], "approval": {"message": "Ship it?"}},
        {"id": "summary", "depends_on": ["gate"], "context": {"resume": "plan"}, "prompt": f"({kind}) summary"},
    ])


def finish(bench, models, output, approve=True):
    """Approves, and sees that the summary was asked for in the session of the plan."""
    expect((bench.workspace / "done.txt").exists(), "no try was good", output)
    if approve:
        output += bench.run("approve", bench.latest_run())
    expect("It is shipped." in output, "the summary is not shown", output)
    request = models.asked("summary")[-1]
    expect("The plan: one file." in request, "the summary was not asked for in the session of the plan", request)
