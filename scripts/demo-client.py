#!/usr/bin/env python3
"""Usage: scripts/demo-client.py ION FOLDER WORKFLOW

Runs one workflow through `ION serve --stdio`, as an editor's plugin would, and prints everything that arrives. Only
Python's standard library is used, so that this file can be read as an introduction to Ion's protocol: JSON-RPC 2.0
messages behind LSP's `Content-Length` headers, LSP's life cycle, and Ion's own methods.
"""

import json
import pathlib
import queue
import subprocess
import sys
import threading


class Ion:
    """A running sidecar. Requests wait for their own answer; notifications are kept in the order they arrive."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [program, "serve", "--stdio"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last_id = 0
        self.answers = {}
        self.notifications = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def send(self, message):
        """Writes one message: a header that counts the body's bytes, an empty line, the body."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def request(self, method, params=None):
        """Sends a request and returns its result; an error of the server's becomes an exception."""
        self.last_id += 1
        answer = self.answers[self.last_id] = queue.Queue()
        self.send({"id": self.last_id, "method": method, "params": params or {}})
        message = answer.get(timeout=60)
        if "error" in message:
            raise SystemExit(f"{method}: {message['error']['message']}")
        return message["result"]

    def notify(self, method, params=None):
        self.send({"method": method, "params": params or {}})

    def read(self):
        """Reads messages until the server closes its end, and hands each to whoever waits for it."""
        stream = self.process.stdout
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
                header = stream.readline()
            message = json.loads(stream.read(length))
            if "method" not in message:
                self.answers[message["id"]].put(message)
            elif "id" in message:
                # The server asks something of the editor; an editor that can't says so, and Ion goes on.
                self.send({"id": message["id"], "error": {"code": -32601, "message": "not in this client"}})
            else:
                self.notifications.put(message)
        self.notifications.put(None)


MARKS = {"succeeded": "✓", "failed": "✗", "running": "…", "skipped": "–", "cancelled": "✗"}


def show(message):
    """Prints one notification in a line or a few."""
    method, params = message["method"], message.get("params", {})
    if method == "workflow/progress":
        for node in params.get("nodes", []):
            note = node.get("error") or node.get("summary") or ""
            print(f"  ← {method}  {MARKS.get(node['status'], '·')} {node['nodeId']} {node['status']}  {note}"[:118])
    elif method == "workflow/output":
        first, *rest = params["text"].splitlines() or [""]
        more = f"  … and {len(rest)} more lines" if rest else ""
        print(f"  ← {method}    {params['nodeId']} | {first[:70]}{more}")
    elif method == "workflow/message":
        print(f"  ← {method}   {params['text']}")
    else:
        print(f"  ← {method}  {json.dumps(params, ensure_ascii=False)}"[:118])


def main(program, folder, workflow):
    root = pathlib.Path(folder).resolve().as_uri()
    ion = Ion(program, folder)

    # The life cycle is LSP's. `experimental.ion` says that this client knows Ion's own notifications.
    opening = ion.request("initialize", {
        "processId": None,
        "rootUri": root,
        "capabilities": {"experimental": {"ion": {"protocolVersion": 1, "events": True}}},
    })
    ion.notify("initialized")
    print(f"→ initialize          {opening['serverInfo']}")

    # A codebase is a folder that Ion keeps a store for. Roots are registered by themselves; asking again gives its id.
    codebase = ion.request("codebase/register", {"rootUri": root})["codebaseId"]
    print(f"→ codebase/register   {codebase}")
    known = ion.request("workflow/list", {"codebaseId": codebase})["workflows"]
    print(f"→ workflow/list       {', '.join(sorted(each['name'] for each in known))}")

    # The answer comes at once, when the run is on disk and before its first step; the rest is notifications.
    run = ion.request("workflow/execute", {"codebaseId": codebase, "workflow": workflow})["runId"]
    print(f"→ workflow/execute    {run}")
    status = "running"
    while status not in ("succeeded", "failed", "cancelled", "interrupted"):
        message = ion.notifications.get(timeout=300)
        if message is None:
            raise SystemExit("the server closed its output in the middle of the run")
        show(message)
        if message["method"] == "workflow/progress" and message["params"]["runId"] == run:
            status = message["params"]["status"]

    # What a run made can be listed and read, by URI, for as long as the run is kept.
    for artifact in ion.request("artifact/list", {"runId": run})["artifacts"]:
        print(f"→ artifact/list       {artifact['name']}, {artifact['size']} bytes, {artifact['uri']}")
        if artifact["name"].endswith(".md"):
            text = ion.request("artifact/read", {"uri": artifact["uri"]})
            print(f"→ artifact/read       {json.dumps(text, ensure_ascii=False)[:90]}…")

    ion.request("shutdown")
    ion.notify("exit")
    code = ion.process.wait(timeout=10)
    print(f"→ shutdown, exit      the run {status}, the server ended with {code}")
    return 0 if status == "succeeded" and code == 0 else 1


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        sys.exit(0 if "-h" in sys.argv[1:2] or "--help" in sys.argv[1:2] else 2)
    sys.exit(main(*sys.argv[1:]))
