"""The least of an editor that a language server can be measured with."""

import json
import pathlib
import subprocess
import time


class Editor:
    """One language server over stdio, spoken to in order and without threads."""

    def __init__(self, command, folder, env=None):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.folder = pathlib.Path(folder)
        self.last_id = 0

    @staticmethod
    def frame(message):
        body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    def send(self, message):
        self.process.stdin.write(self.frame(message))
        self.process.stdin.flush()

    def read(self):
        length = 0
        while (line := self.process.stdout.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise RuntimeError("the server closed its output")
        return json.loads(self.process.stdout.read(length))

    def request(self, method, params=None):
        """The whole answer; requests and notifications of the server's in between are passed over."""
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params or {}})
        while True:
            message = self.read()
            if "method" not in message and message.get("id") == self.last_id:
                return message

    def initialize(self):
        """Says who it is, and returns how long after its start the server had answered."""
        answer = self.request("initialize", {
            "processId": None,
            "rootUri": self.folder.as_uri(),
            "capabilities": {"experimental": {"ion": {"protocolVersion": 1, "events": True}}},
        })
        took = time.perf_counter() - self.started
        if "result" not in answer:
            raise RuntimeError(f"initialize failed: {answer}")
        self.send({"method": "initialized", "params": {}})
        return took

    def close(self):
        self.request("shutdown")
        self.send({"method": "exit"})
        self.process.stdin.close()
        self.process.wait(timeout=20)
