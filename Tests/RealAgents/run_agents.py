#!/usr/bin/env python3
"""Runs workflows with real agent programs through a built `ion`, against models that say what they are told.

    run_agents.py ION AGENT... [--only WORDS] [--keep]

AGENT is KIND=COMMAND: `claude=/path/to/claude`, `codex=/path/to/codex`, `acp=/path/to/python /path/to/agent.py`.
Every scenario gets a workspace and a home of its own, so that nothing of the machine's configuration counts. What went
wrong is said with the end of what Ion printed; --only runs the scenarios whose names have these words, --keep leaves the
folders.
"""
import concurrent.futures
import importlib
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

from bench import HERE, Bench, Failure, Models, Untried, provider
from rules import rules
from scenario import SCENARIOS


def main():
    arguments = sys.argv[1:]
    keep = "--keep" in arguments
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else None
    ion, *agents = [word for word in arguments if not word.startswith("--") and word != only]
    for file in sorted(HERE.glob("scenarios_*.py")):
        importlib.import_module(file.stem)
    attempts = []
    # Most of their time they wait.
    with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
        for kind, command in (agent.split("=", 1) for agent in agents):
            for scenario in SCENARIOS:
                if kind in scenario.kinds and (only is None or only in scenario.name):
                    attempts.append(pool.submit(attempt, os.path.abspath(ion), kind, command, scenario, keep))
    went_well = [one.result() for one in attempts]
    print(f"    {sum(went_well)} of {len(went_well)} scenarios went well", flush=True)
    sys.exit(0 if went_well and all(went_well) else 1)


def attempt(ion, kind, command, scenario, keep):
    """Whether a scenario went well."""
    name = f"{kind}: {scenario.name}"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ion-real-agents-"))
    began = time.monotonic()
    try:
        with Models(folder, kind, rules(kind, scenario.slow)) as models:
            scenario.body(Bench(ion, folder, provider(kind, command, models)), kind, models)
        print(f"  ✓ {name}, {time.monotonic() - began:.1f} s", flush=True)
        return True
    except Untried as why:
        print(f"  – {name}: can't be tried here: {why}", flush=True)
        return True
    except Failure as failure:
        words, output = (*failure.args, "")[:2]
    except Exception as fault:
        words, output = f"it broke off by {fault!r}", traceback.format_exc()
    finally:
        if keep:
            print(f"    {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    end = "".join(f"      {line}\n" for line in output.splitlines()[-40:])
    print(f"  ✗ {name}: {words}\n{end}", end="", flush=True)
    return False


if __name__ == "__main__":
    main()
