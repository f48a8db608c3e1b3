"""Steps: how long graphs of nothing take, resume, planning, the way to the first step, and a step's output."""

import itertools
import json
import subprocess
import time

from graphs import SHELL, Graph
from measure import MemoryWatch, Rounds, timed


def contestants(bench, graph, name):
    """With the shell that every tool can be given, then with the one that workflows use."""
    folder = bench.workspace(
        name, sh=graph.workflow("sh", f"exec: [{SHELL}, -c, ':']"), bash=graph.workflow("bash", "bash: ':'"))
    (folder / "build.ninja").write_text(graph.ninja())
    loop = "sh loop" if len(graph.levels()) == len(graph.steps) else "xargs -P2, level by level"
    for shell in ("sh", "bash"):
        (folder / f"{shell}.mk").write_text(graph.make(shell=f"/bin/{shell}"))
        (folder / f"{shell}.sh").write_text(graph.xargs(shell=f"/bin/{shell}"))
    for shell in ("sh", "bash"):
        rounds = Rounds(f"{graph.name}: steps of `{shell} -c :`, two at a time")
        rounds.add("ion run", lambda name=shell: timed([bench.ion, "run", name], folder, bench.env))
        if shell == "sh":
            rounds.add_if("ninja", "ninja -j2", lambda: ninja(folder))
        rounds.add_if("make", "make -j2", lambda name=shell: timed(["make", "-s", "-j2", "-f", f"{name}.mk"], folder))
        rounds.add(loop, lambda name=shell: timed([SHELL, f"{name}.sh"], folder))
        yield rounds


def ninja(folder):
    """Without what an earlier round left in ninja's log."""
    (folder / ".ninja_log").unlink(missing_ok=True)
    return timed(["ninja", "-j2", "--quiet"], folder)


def chain(bench):
    yield from contestants(bench, Graph.chain(bench.size(100)), "chain")


def independent(bench):
    yield from contestants(bench, Graph.independent(bench.size(1000)), "independent")


def layers(bench):
    side = max(2, round(20 * bench.scale ** 0.5))
    yield from contestants(bench, Graph.layers(side, side), "layers")


def loops(bench):
    """A body of one step, again and again; ten times as many iterations should take ten times as long, no more."""
    for count in (bench.size(100), bench.size(1000)):
        step = '{id: count, bash: "echo $(( ${LOOP_PREV_OUTPUT:-0} + 1 ))"}'
        group = f"    loop_group:\n      max_iterations: {count}\n      until: '{count}'\n      nodes:\n        - {step}\n"
        folder = bench.workspace(f"loop{count}", loop=f"name: loop\nnodes:\n  - id: again\n{group}")
        script = folder / "loop.sh"
        script.write_text(f"n=0\nwhile [ $n -lt {count} ]; do n=$(bash -c 'echo $(( $0 + 1 ))' $n); done\n")
        rounds = Rounds(f"a loop of {count:,} iterations, each a step of bash")
        rounds.add("ion run", lambda folder=folder: timed([bench.ion, "run", "loop"], folder, bench.env))
        rounds.add("sh loop", lambda folder=folder: timed([SHELL, "loop.sh"], folder))
        yield rounds


def fan_out(bench):
    """A child run for each of some items; ten times as many should take ten times as long, no more."""
    for count in (bench.size(500), bench.size(5000)):
        each = f"  - {{id: each, workflow: child, fan_out: {{items: {json.dumps(list(range(count)))}, as: item}}}}\n"
        child = "name: child\nmutates_checkout: false\ninputs: {item: {}}\nnodes:\n  - {id: a, bash: ':'}\n"
        folder = bench.workspace(f"fan-{count}", fan="name: fan\nnodes:\n" + each, child=child)
        rounds = Rounds(f"fan_out: a child of one step for each of {count:,} items, five at once")
        rounds.add("ion run", lambda folder=folder: timed([bench.ion, "run", "fan"], folder, bench.env))
        script = f"i=0; while [ $i -lt {count} ]; do bash -c :; i=$((i + 1)); done\n"
        rounds.add("sh loop", lambda folder=folder, script=script: timed([SHELL, "-c", script], folder))
        yield rounds


def resume(bench):
    """Everything is done but the last step, which failed; what does it take to find that out and to run it?"""
    graph = Graph.independent(bench.size(1000))
    folder = bench.workspace("resume", resume=graph.workflow("resume", "bash: ':'", last="test -e flag"))
    (folder / "build.ninja").write_text(graph.ninja("touch $out", last="test -e flag"))
    (folder / "Makefile").write_text(graph.make("touch $@", last="test -e flag", phony=False))
    flag = folder / "flag"

    def ion():
        flag.unlink(missing_ok=True)
        failed = subprocess.run([bench.ion, "run", "resume", "--json"], cwd=folder, env=bench.env,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        run = run_id(failed.stdout)
        flag.touch()
        return timed([bench.ion, "resume", run], folder, bench.env)

    def prepared(command):
        def sample():
            flag.unlink(missing_ok=True)
            subprocess.run(command, cwd=folder, capture_output=True)
            flag.touch()
            return timed(command, folder)
        return sample

    rounds = Rounds(f"resume of a run with {len(graph.steps):,} finished steps and one that failed")
    rounds.add("ion resume", ion)
    rounds.add_if("ninja", "ninja -j2, again", prepared(["ninja", "-j2", "--quiet"]))
    rounds.add_if("make", "make -j2, again", prepared(["make", "-s", "-j2"]))
    yield rounds


def run_id(lines):
    """The id of the run that `ion run --json` tells of, one notification a line."""
    for line in lines.splitlines():
        if run := json.loads(line).get("params", {}).get("runId"):
            return run
    raise RuntimeError(f"`ion run --json` named no run: {lines[:300]}")


def planning(bench):
    graph = Graph.braid(bench.size(10_000))
    folder = bench.workspace("planning", plan=graph.workflow("plan", "bash: ':'"))
    (folder / "build.ninja").write_text(graph.ninja())
    (folder / "Makefile").write_text(graph.make())
    rounds = Rounds(f"reading and checking {graph.name}")
    rounds.add("ion check", lambda: timed([bench.ion, "check", ".ion/workflows/plan.yaml"], folder, bench.env))
    rounds.add_if("ninja", "ninja -n", lambda: timed(["ninja", "-n", "--quiet"], folder))
    rounds.add_if("make", "make -n", lambda: timed(["make", "-n"], folder))
    yield rounds


def first_step(bench):
    """From the start of the program to the moment at which the first step looks at the clock."""
    look = 'printf %s "$EPOCHREALTIME" >clock'
    folder = bench.workspace("first", first=f"name: first\nnodes:\n  - id: look\n    bash: {json.dumps(look)}\n")
    (folder / "Makefile").write_text(f"SHELL = /bin/bash\nall:\n\t@{look.replace('$', '$$')}\n")
    rule = f"rule look\n  command = /bin/bash -c '{look.replace('$', '$$')}'\nbuild out: look\n"
    (folder / "build.ninja").write_text(rule)

    def until_clock(command):
        def sample():
            (folder / "clock").unlink(missing_ok=True)
            started = time.time()
            timed(command, folder, bench.env)
            return float((folder / "clock").read_text()) - started
        return sample

    rounds = Rounds("from starting the program to its first step")
    rounds.add("ion run", until_clock([bench.ion, "run", "first"]))
    rounds.add_if("ninja", "ninja", until_clock(["ninja", "--quiet"]))
    rounds.add_if("make", "make", until_clock(["make", "-s"]))
    rounds.add("bash -c", until_clock(["/bin/bash", "-c", look]))
    yield rounds


def output(bench):
    """One step prints a gigabyte, in lines of 100 bytes."""
    count = bench.size(1_000_000_000)
    noise = f"yes {'x' * 99} | head -c {count}"
    step = f"  - id: noise\n    timeout: 10m\n    bash: {noise}\n"
    folder = bench.workspace("output", noise=f"name: noise\nnodes:\n{step}")
    growth = []

    def ion():
        started = time.perf_counter()
        process = subprocess.Popen([bench.ion, "run", "noise"], cwd=folder, env=bench.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        watch = MemoryWatch(process.pid)
        if process.wait():
            raise RuntimeError("the noisy run failed")
        took = time.perf_counter() - started
        early = [size for at, size in watch.stop() if at - started > 0.1]
        growth.append(max(early, default=0) - (early or [0])[0])
        return took

    numbers = itertools.count()
    rounds = Rounds(f"a step that prints {count / 1e9:g} GB")
    rounds.add("ion run", ion)
    rounds.add("bash, into a file", lambda: timed(["/bin/bash", "-c", f"{noise} >plain{next(numbers)}"], folder))
    yield rounds
    memory = Rounds("  and by how much Ion's memory grew meanwhile", unit="B")
    memory.add("ion run", lambda: growth[-1])
    yield memory


SUITES = {
    "chain": chain, "independent": independent, "layers": layers, "loops": loops,
    "fan-out": fan_out, "resume": resume, "planning": planning,
    "first-step": first_step, "output": output,
}
