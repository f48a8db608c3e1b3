"""What a scenario works with: a model service, a workspace with an agent in it, and Ion."""
import contextlib
import json
import os
import pathlib
import shlex
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
# How long anything may take, in seconds.
PATIENCE = 120
# Codex's sandbox puts a `.git` into every folder where programs may write, for as long as one runs; a Codex that is killed
# meanwhile leaves it, which shall not be in /tmp.
SANDBOX = [f"sandbox_workspace_write.exclude_{name}=true" for name in ("slash_tmp", "tmpdir_env_var")]


class Failure(Exception):
    """What went wrong, and what was printed until then."""


class Untried(Exception):
    """Why a scenario can't be tried on this machine."""


def expect(condition, words, output=""):
    if not condition:
        raise Failure(words, output)


def wait(is_so, process, what):
    """Waits until something is so, while a process goes on."""
    while not is_so():
        expect(process.poll() is None, f"the run ended before {what}")
        time.sleep(0.05)


class Models:
    """The model service of an agent of a kind, for as long as a `with` lasts."""

    def __init__(self, folder, kind, script):
        self.kind = kind
        self.log = folder / "requests.jsonl"
        (folder / "models.json").write_text(json.dumps(script))
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "scripted_models.py"), str(folder / "models.json")], stdout=subprocess.PIPE,
            text=True, env={**os.environ, "REQUEST_LOG": str(self.log)})
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def entries(self):
        # The last line may be on its way.
        lines = self.log.read_text().split("\n")[:-1] if self.log.exists() else []
        return [json.loads(line) for line in lines]

    def asked(self, word):
        """The requests that the rule of a word answers, as text."""
        return [json.dumps(entry["body"]) for entry in self.entries() if entry.get("rule") == word]

    def answered(self, word):
        """The numbers of the turns of a word's rule that were taken to their end."""
        return [entry["turn"] for entry in self.entries() if entry.get("answered") == word]

    def wait(self, word, process, count=1):
        """Waits until the rule of a word was asked so often, by a process that goes on."""
        wait(lambda: len(self.asked(word)) >= count, process, f"its model was asked to {word}")

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
        settings = ["model_provider=scripted", f"model_providers.scripted={service}", *SANDBOX]
        definition["args"] = arguments + [word for setting in settings for word in ("-c", setting)]
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
        # A codebase ends at its `.git`, and one above may be anybody's.
        subprocess.run(["git", "init", "--quiet", str(self.workspace)], check=True)
        self.definition = definition
        self.change()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8",
                            "XDG_RUNTIME_DIR": str(folder / "run"), "NO_COLOR": "1"}

    def change(self, **variables):
        """Gives the agent's program other variables."""
        self.definition["env"].update(variables)
        self.configure()

    def configure(self, **keys):
        """Says more of the provider."""
        self.definition.update(keys)
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
            output, _ = process.communicate(timeout=PATIENCE)
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

    def show(self):
        """The latest run with its nodes, by their ids."""
        shown = json.loads(self.run("show", self.latest_run(), "--json"))
        return shown, {node["nodeId"]: node for node in shown["nodes"]}

    def programs(self):
        """What works in the workspace: commands by their processes' numbers."""
        found = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(process / "cwd").startswith(str(self.workspace)):
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    found[int(process.name)] = command[:200]
        return found

    def failures(self):
        """How the steps of all runs failed, by the words of the log."""
        store = next((self.workspace / ".ion").glob("**/*.sqlite"))
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            rows = connection.execute("select payload from event where kind = 'stepFailed' order by seq").fetchall()
        return [json.loads(payload)["failure"] for payload, in rows]
