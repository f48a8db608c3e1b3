"""What the scripted agents have in common: how they speak, and one that behaves."""

import json
import os
import signal
import sys

SESSION = "session-1"
SIGN_INS = [{"id": "browser", "name": "With a browser"}, {"id": "key", "name": "With a key"}]


def write(text):
    """Prints bytes at once, whatever they are."""
    data = text if isinstance(text, bytes) else text.encode()
    while data:
        data = data[os.write(1, data):]


def send(message):
    write(json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False) + "\n")


def reply(id, result):
    send({"id": id, "result": result})


def refuse(id, code, message="no", data=None):
    send({"id": id, "error": {"code": code, "message": message, "data": data}})


def update(what, session=SESSION, **fields):
    send({"method": "session/update", "params": {"sessionId": session, "update": {"sessionUpdate": what, **fields}}})


def text(words):
    return {"type": "text", "text": words}


def say(words, **fields):
    update("agent_message_chunk", content=text(words), **fields)


def for_ever():
    """Hangs, and takes no notice of a polite signal."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()


class Agent:
    """One that behaves."""

    version = 1
    capabilities = {}
    sign_ins = []
    opened = {}

    def __init__(self):
        self.count = 0
        self.is_cancelled = False
        self.methods = []
        self.told = ""

    def receive(self):
        line = sys.stdin.readline()
        if not line:
            sys.exit(0)
        return json.loads(line)

    def call(self, method, **params):
        """Asks the client for something; the answer, a result or an error."""
        self.count += 1
        send({"id": self.count, "method": method, "params": {"sessionId": SESSION, **params}})
        return self.wait(self.count)

    def wait(self, id):
        while True:
            message = self.receive()
            if message.get("method") == "session/cancel":
                self.is_cancelled = True
            elif message.get("id") == id and "method" not in message:
                return message

    def run(self):
        while True:
            message = self.receive()
            method, id, params = message.get("method"), message.get("id"), message.get("params")
            self.methods.append(method)
            if method == "initialize":
                self.initialize(id, params)
            elif method in ("session/new", "session/load", "session/resume", "session/fork"):
                self.open(id, method, params)
            elif method == "session/prompt":
                self.told = params["prompt"][0]["text"]
                self.prompt(id)
            elif method == "session/cancel":
                self.is_cancelled = True
            elif id is not None and method is not None:
                self.other(id, method, params)

    def initialize(self, id, params):
        reply(id, {
            "protocolVersion": self.version, "agentCapabilities": self.capabilities, "authMethods": self.sign_ins,
            "agentInfo": {"name": "scripted", "title": "Scripted", "version": "1.2.3"},
        })

    def open(self, id, method, params):
        reply(id, {"sessionId": SESSION, **self.opened})

    def prompt(self, id):
        say("hello")
        self.end(id)

    def end(self, id, reason="end_turn", **fields):
        reply(id, {"stopReason": reason, **fields})

    def other(self, id, method, params):
        refuse(id, -32601)
