"""Servers: start, round trips, the way to a run's first step, and memory, beside other language servers."""

import json
import time

from editor import Editor
from measure import Rounds, resident

OTHERS = {"clangd": ["clangd", "--log=error"], "sourcekit-lsp": ["sourcekit-lsp"]}


def language_servers(bench, rounds, sample):
    """Ion and the others, each asked for a sample with its command."""
    folder = bench.folder / "servers"
    folder.mkdir(exist_ok=True)
    rounds.add("ion serve", lambda: sample([bench.ion, "serve", "--stdio"], folder))
    for program, command in OTHERS.items():
        rounds.add_if(program, program, lambda command=command: sample(command, folder))
    return rounds


def start(bench):
    def sample(command, folder):
        editor = Editor(command, folder, bench.env)
        took = editor.initialize()
        editor.close()
        return took

    yield language_servers(bench, Rounds("from starting the server to its answer to initialize"), sample)


def round_trips(bench):
    """Requests for a method that nobody has, so that every server does the same: read, look up, answer."""
    count = bench.size(5000)

    def one_by_one(command, folder):
        editor = Editor(command, folder, bench.env)
        editor.initialize()
        started = time.perf_counter()
        for _ in range(count):
            editor.request("bench/nothing")
        rate = count / (time.perf_counter() - started)
        editor.close()
        return rate

    def side_by_side(command, folder):
        editor = Editor(command, folder, bench.env)
        editor.initialize()
        rounds = max(1, count // 100)
        requests = b"".join(editor.frame({"id": f"r{i}", "method": "bench/nothing", "params": {}}) for i in range(100))
        started = time.perf_counter()
        for _ in range(rounds):
            editor.process.stdin.write(requests)
            editor.process.stdin.flush()
            waiting = 100
            while waiting:
                waiting -= str(editor.read().get("id", "")).startswith("r")
        rate = rounds * 100 / (time.perf_counter() - started)
        editor.close()
        return rate

    title = f"round trips over stdio, {count:,} requests"
    yield language_servers(bench, Rounds(f"{title}, one by one", "/s", smaller_is_better=False), one_by_one)
    yield language_servers(bench, Rounds(f"{title}, a hundred at a time", "/s", smaller_is_better=False), side_by_side)


def served_step(bench):
    """From the editor's request to the moment at which the first step looks at the clock."""
    body = 'printf %s "$EPOCHREALTIME" >clock'
    folder = bench.workspace("served", first=f"name: first\nnodes:\n  - id: look\n    bash: {json.dumps(body)}\n")

    def sample():
        editor = Editor([bench.ion, "serve", "--stdio"], folder, bench.env)
        editor.initialize()
        started = time.time()
        answer = editor.request("workflow/execute", {"workflow": "first"})
        if "result" not in answer:
            raise RuntimeError(f"workflow/execute failed: {answer}")
        editor.request("workflow/wait", {"runId": answer["result"]["runId"]})
        editor.close()
        return float((folder / "clock").read_text()) - started

    rounds = Rounds("from workflow/execute to the first step")
    rounds.add("ion serve", sample)
    yield rounds


def memory(bench):
    def sample(command, folder):
        editor = Editor(command, folder, bench.env)
        editor.initialize()
        time.sleep(1)
        size = resident(editor.process.pid)
        editor.close()
        return size

    yield language_servers(bench, Rounds("resident memory a second after initialize", "B"), sample)


SUITES = {"start": start, "round-trips": round_trips, "served-step": served_step, "memory": memory}
