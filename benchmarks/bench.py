#!/usr/bin/env python3
"""Usage: benchmarks/bench.py --ion PROGRAM [--rounds N] [--scale FACTOR] [--only WORD]... [--json FILE]

Measures Ion beside tools that do a part of its work, all in one run, taking turns, and prints medians. scripts/bench
builds Ion and calls this. --scale 0.1 makes every size a tenth, to try the benchmarks themselves.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

import servers
import steps
from measure import shown

SUITES = {**steps.SUITES, **servers.SUITES}


class Bench:
    """What every benchmark is given: the program, the size of things, and a folder to work in."""

    def __init__(self, ion, rounds, scale, folder):
        self.ion, self.rounds, self.scale = str(pathlib.Path(ion).resolve()), rounds, scale
        self.folder = pathlib.Path(folder)
        home = self.folder / "home"
        home.mkdir()
        self.env = dict(os.environ, HOME=str(home), XDG_RUNTIME_DIR=str(home), XDG_STATE_HOME=str(home / "state"),
                        XDG_CONFIG_HOME=str(home / "config"), XDG_CACHE_HOME=str(home / "cache"))

    def size(self, number):
        return max(2, round(number * self.scale))

    def workspace(self, name, **files):
        """A folder with these workflows in it."""
        folder = self.folder / name
        (folder / ".ion/workflows").mkdir(parents=True)
        for workflow, text in files.items():
            (folder / f".ion/workflows/{workflow}.yaml").write_text(text)
        return folder


def version(command):
    if not shutil.which(command[0]):
        return None
    text = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return text.splitlines()[0] if text else None


def describe():
    names = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    processor = names[0] if names else platform.machine()
    print(f"{os.cpu_count()} × {processor}, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.2f}")
    for name in ("ninja", "make", "clangd"):
        print(f"{name}: {version([name, '--version']) or 'not installed'}")


def report(rounds):
    print(f"\n{rounds.title}")
    for name, median, least, most, ratio in rounds.rows():
        spread = f"{shown(least, rounds.unit)} … {shown(most, rounds.unit)}"
        print(f"  {name:<28} {shown(median, rounds.unit):>12} {ratio:>8.2f} ×   {spread}")
    for reason in rounds.missing:
        print(f"  ({reason})")
    sys.stdout.flush()


def main():
    usage, _, description = __doc__.partition("\n\n")
    options = argparse.ArgumentParser(usage=usage.removeprefix("Usage: "), description=description)
    options.add_argument("--ion", required=True, help="the program to measure")
    options.add_argument("--rounds", type=int, default=5, help="how often each is measured (default 5)")
    options.add_argument("--scale", type=float, default=1, help="a factor for every size (default 1)")
    options.add_argument("--only", action="append", help=f"only these: {', '.join(SUITES)}")
    options.add_argument("--json", type=pathlib.Path, help="a file for every sample")
    chosen = options.parse_args()

    unknown = set(chosen.only or []) - set(SUITES)
    if unknown:
        options.error(f"no benchmark is named {', '.join(unknown)}")

    describe()
    print(f"ion: {version([chosen.ion, '--version'])}")
    print(f"Medians of {chosen.rounds}, least and most; above 1.00 × the tool is that many times worse than Ion.")
    samples = {}
    with tempfile.TemporaryDirectory(prefix="ion-bench-") as folder:
        bench = Bench(chosen.ion, chosen.rounds, chosen.scale, folder)
        for name, suite in SUITES.items():
            if chosen.only and name not in chosen.only:
                continue
            for rounds in suite(bench):
                report(rounds.run(1 if name == "output" else bench.rounds))
                samples[rounds.title] = {"unit": rounds.unit, "samples": rounds.samples}
    if chosen.json:
        chosen.json.write_text(json.dumps(samples, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
