"""Scenarios of what agents use, and of turns that use more than they may."""
from bench import expect
from drivers import Editor
from rules import allowed
from scenario import scenario

# What the agent says of itself while its turn goes on.
BUDGETS = {"claude": {"tokens": 10_000}, "acp": {"usd": 0.1}}


def two_nodes(bench, kind, word, budget=None, **keys):
    """A node whose model uses much, and one behind it."""
    more = {"budget": budget} if budget else {}
    bench.workflow("w", [
        {"id": "a", "prompt": f"({kind}) {word}", "retry": {"max_attempts": 1}, **allowed(kind), **keys},
        {"id": "b", "depends_on": ["a"], "prompt": f"({kind}) answer"},
    ], **more)


def expect_cut_off(models, output):
    """Sees that the turn ended in the midst of its second message, and that nothing followed."""
    expect(len(models.asked("dear")) == 2, "the agent's second message was never begun", output)
    expect(models.answered("dear") == [0], "the turn went on to its end", output)
    expect(not models.asked("answer"), "the next node was begun", output)


def used(bench):
    """What the node has used: at least its first message, and what its run has used just so."""
    run, nodes = bench.show()
    usage = nodes["a"].get("usage") or {}
    words = f"the node's usage is {usage}, the run's {run.get('usage')}"
    expect(usage and usage == run.get("usage"), words)
    # The money is known sooner than the tokens of an agent that tells these at the end of a turn.
    expect(usage["inputTokens"] >= 6000 or usage.get("usd", 0) >= 0.06, words)
    return usage


@scenario("claude", "acp")
def ends_a_turn_that_uses_more_than_its_run_may(bench, kind, models):
    two_nodes(bench, kind, "dear", BUDGETS[kind])
    output = bench.run("run", "w", status=1)
    expect_cut_off(models, output)
    run, _ = bench.show()
    expect("of a budget of" in run["error"], f"the run failed because {run['error']}", output)
    expect(used(bench)["inputTokens"] == 12_000, f"the run's usage is {run['usage']}", output)


@scenario("claude")
def ends_its_own_turn_that_costs_more_than_its_node_may(bench, kind, models):
    # The program knows the price of each message, and Ion what it says of that in the end.
    two_nodes(bench, kind, "dear", maxBudgetUsd=0.01)
    output = bench.run("run", "w", status=1)
    expect(bench.failures() == ["budget"], f"the failures are {bench.failures()}", output)
    expect(len(models.asked("dear")) == 1, "the program asked its model on", output)
    expect(not models.asked("answer"), "the next node was begun", output)
    expect(used(bench)["usd"] > 0.01, "the node doesn't say what it has cost", output)


@scenario("acp")
def ends_a_turn_that_costs_more_than_its_node_may(bench, kind, models):
    two_nodes(bench, kind, "dear", maxBudgetUsd=0.1)
    output = bench.run("run", "w", status=1)
    expect(bench.failures() == ["budget"], f"the failures are {bench.failures()}", output)
    expect_cut_off(models, output)
    expect(used(bench)["usd"] > 0.1, "the node doesn't say what it has cost", output)


@scenario("codex", "acp")
def stops_before_the_next_node_once_its_budget_is_used(bench, kind, models):
    two_nodes(bench, kind, "costly", {"tokens": 5000})
    output = bench.run("run", "w", status=1)
    expect(models.answered("costly") == [0], "the turn came to no end", output)
    # What it has used is told behind its answer.
    expect(output.count("That was dear.") == 1, "the answer is not shown once", output)
    expect(not models.asked("answer"), "the next node was begun", output)
    run, nodes = bench.show()
    expect(nodes["a"]["status"] == "succeeded", f"the answer that was there is lost: {nodes['a']}", output)
    expect("6050 tokens of a budget of 5000" in run["error"], f"the run failed because {run['error']}", output)
    used(bench)
    again = bench.run("resume", bench.latest_run(), status=1)
    expect(not models.asked("answer"), "a resume spent more though nothing was left", again)
    two_nodes(bench, kind, "costly", {"tokens": 50_000})
    enough = bench.run("resume", bench.latest_run(), "--current")
    expect("Hello from the model." in enough, "the next node's answer is not shown", enough)
    expect(len(models.asked("costly")) == 1, "the answer that was there was paid for again", enough)


@scenario("claude", "acp")
def counts_what_a_failed_turn_used(bench, kind, models):
    two_nodes(bench, kind, "fail")
    output = bench.run("run", "w", status=1)
    expect(len(bench.failures()) == 1, f"the failures are {bench.failures()}", output)
    used(bench)


@scenario("claude", "acp")
def counts_what_a_cancelled_turn_used(bench, kind, models):
    two_nodes(bench, kind, "dear")
    with Editor(bench) as editor:
        run = editor.call("workflow/execute", workflow="w")["runId"]
        models.wait("dear", editor.process, 2)
        editor.call("workflow/cancel", runId=run)
        end = editor.waits_for(run)
    expect(end["status"] == "cancelled", f"the run is {end}")
    expect(models.answered("dear") == [0], "the turn went on to its end")
    usage = used(bench)
    expect(usage["inputTokens"] >= 6000 and "usd" in usage, f"the node's usage is {usage}")
