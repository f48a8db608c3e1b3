"""Graphs of steps that do nothing, written for Ion and for the tools that it is measured against."""

import dataclasses
import json

SHELL = "/bin/sh"


@dataclasses.dataclass
class Graph:
    """Steps in an order in which each comes after what it needs."""

    name: str
    steps: list  # of (id, [ids that it needs])

    @staticmethod
    def chain(count):
        return Graph(f"chain of {count:,}", [(f"s{i}", [f"s{i - 1}"] if i else []) for i in range(count)])

    @staticmethod
    def independent(count):
        return Graph(f"{count:,} independent", [(f"s{i}", []) for i in range(count)])

    @staticmethod
    def layers(depth, width):
        steps = []
        for layer in range(depth):
            needs = [f"l{layer - 1}x{x}" for x in range(width)] if layer else []
            steps += [(f"l{layer}x{x}", needs) for x in range(width)]
        return Graph(f"{depth} × {width} dense layers", steps)

    @staticmethod
    def braid(count):
        """Each step needs three of those shortly before it: large, connected, and not dense."""
        steps = [(f"s{i}", [f"s{i - back}" for back in (1, 7, 100) if back <= i]) for i in range(count)]
        return Graph(f"{count:,} nodes", steps)

    def levels(self):
        """How many steps may run at once, level by level: what a loop over `xargs` can know of the graph."""
        level = {}
        for step, needs in self.steps:
            level[step] = 1 + max((level[need] for need in needs), default=-1)
        counts = [0] * (1 + max(level.values()))
        for each in level.values():
            counts[each] += 1
        return counts

    def workflow(self, name, body, last=None):
        """Ion's file. `body` is a step's kind and text, such as `bash: ":"`; `last` a step that needs all others."""
        lines = [f"name: {name}", "mutates_checkout: false", "max_parallel: 2", "nodes:"]
        for step, needs in self.steps:
            lines += [f"  - id: {step}", f"    {body}"]
            if needs:
                lines.append(f"    depends_on: [{', '.join(needs)}]")
        if last:
            lines += ["  - id: last", f"    bash: {json.dumps(last)}"]
            lines.append(f"    depends_on: [{', '.join(step for step, _ in self.steps)}]")
        return "\n".join(lines) + "\n"

    def ninja(self, command=":", last=None):
        lines = ["rule step", f"  command = {command}", "rule last", f"  command = {last or ':'}"]
        lines += [f"build {step}: step {' '.join(needs)}" for step, needs in self.steps]
        names = " ".join(step for step, _ in self.steps)
        lines += [f"build last: last {names}", "default last"] if last else [f"default {names}"]
        return "\n".join(lines) + "\n"

    def make(self, command=None, shell=SHELL, last=None, phony=True):
        """Make starts nothing at all for a bare `:`; this it starts, and without another shell around it."""
        command = command or f"{shell} -c ': :'"
        names = " ".join(step for step, _ in self.steps)
        lines = [f"SHELL = {SHELL}", f"all: {'last' if last else names}"]
        if phony:
            lines.append(f".PHONY: all {names}")
        lines += [f"{step}: {' '.join(needs)}\n\t@{command}" for step, needs in self.steps]
        if last:
            lines.append(f"last: {names}\n\t@{last}")
        return "\n".join(lines) + "\n"

    def xargs(self, shell=SHELL):
        """A shell script without a scheduler: a loop for a chain, `xargs -P2` level by level for anything else."""
        counts = self.levels()
        if max(counts) == 1:
            return f"i=0; while [ $i -lt {len(counts)} ]; do {shell} -c :; i=$((i + 1)); done\n"
        return "".join(f"seq {count} | xargs -P2 -I_ {shell} -c :\n" for count in counts)
