"""Timing and looking at processes. Every time is wall clock, in seconds."""

import os
import pathlib
import statistics
import subprocess
import threading
import time


def timed(command, cwd, env=None, ok=(0,)):
    """Runs a program to its end, its output thrown away, and returns how long that took."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    took = time.perf_counter() - started
    if done.returncode not in ok:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr[-500:].decode()}")
    return took


def resident(pid):
    """The resident memory of a process, in bytes; None when it is gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return None


class MemoryWatch:
    """Samples a process's resident memory until it is stopped."""

    def __init__(self, pid, every=0.02):
        self.samples = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, args=(pid, every), daemon=True)
        self.thread.start()

    def watch(self, pid, every):
        while not self.ended.is_set():
            if (size := resident(pid)) is not None:
                self.samples.append((time.perf_counter(), size))
            self.ended.wait(every)

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.samples


class Rounds:
    """One benchmark: contestants that take turns, so that a slow minute of the machine meets them all."""

    def __init__(self, title, unit="s", smaller_is_better=True):
        self.title, self.unit, self.smaller_is_better = title, unit, smaller_is_better
        self.contestants = []  # of (name, callable that returns one sample)
        self.samples = {}
        self.missing = []

    def add(self, name, sample):
        self.contestants.append((name, sample))

    def add_if(self, program, name, sample):
        """Adds a contestant where its program is installed, and says so where it isn't."""
        if any(os.access(pathlib.Path(folder) / program, os.X_OK) for folder in os.get_exec_path()):
            self.add(name, sample)
        else:
            self.missing.append(f"{program} is not installed")

    def run(self, rounds):
        for _ in range(rounds):
            for name, sample in self.contestants:
                self.samples.setdefault(name, []).append(sample())
        return self

    def median(self, name):
        return statistics.median(self.samples[name])

    def rows(self):
        """(contestant, median, least, most, how much worse than the first contestant, which is Ion)."""
        ion = self.median(self.contestants[0][0])
        for name, _ in self.contestants:
            median = self.median(name)
            worse, better = (median, ion) if self.smaller_is_better else (ion, median)
            yield name, median, min(self.samples[name]), max(self.samples[name]), worse / better if better else 1


def shown(value, unit):
    if unit == "s":
        return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
    if unit == "B":
        return f"{value / 1e6:.1f} MB"
    return f"{value:,.0f} {unit}"
