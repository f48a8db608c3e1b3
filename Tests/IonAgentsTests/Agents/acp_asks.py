"""Agents by what they ask for: leave, files, terminals, sessions and settings."""

import json
import os
import sys

from acp_base import Agent, SESSION, SIGN_INS, refuse, reply, say, send, text, update

# Permissions.


OPTIONS = [
    {"optionId": "yes", "name": "Allow", "kind": "allow_once"},
    {"optionId": "no", "name": "Refuse", "kind": "reject_once"},
    {"optionId": "perhaps", "name": "Perhaps", "kind": "shrug"},
]


class asks(Agent):
    options = OPTIONS

    def ask(self):
        return self.call("session/request_permission", options=self.options, toolCall={
            "toolCallId": "never told", "title": "Write b.txt", "kind": "edit", "rawInput": {"path": "b.txt"},
            "content": [{"type": "diff", "path": "/w/b.txt", "newText": "new\n"}]})

    def prompt(self, id):
        answer = self.ask()
        say(json.dumps(answer.get("result", answer.get("error"))["outcome"], sort_keys=True))
        self.end(id, "cancelled" if self.is_cancelled else "end_turn")


class works(Agent):
    """It answers with what .ion/answer says, and adds a line to a.txt; where it is to change no file it tries all the same."""

    def prompt(self, id):
        path = os.path.abspath("a.txt")
        if "hange no file" in self.told:
            answer = self.call("session/request_permission", options=OPTIONS, toolCall={
                "toolCallId": "edit", "title": "Change a.txt", "kind": "edit", "locations": [{"path": path}]})
            assert answer["result"]["outcome"].get("optionId") == "no", answer
        else:
            read = self.call("fs/read_text_file", path=path)["result"]["content"]
            assert "error" not in self.call("fs/write_text_file", path=path, content=read + "three\n")
        with open(".ion/answer") as file:
            say(file.read())
        self.end(id)


class asks_for_nothing(asks):
    options = []


class asks_badly(asks):
    options = "yes"

    def prompt(self, id):
        say(str(self.ask()["error"]["code"]))
        self.end(id)


class asks_twice_with_one_id(Agent):
    def prompt(self, id):
        for _ in range(2):
            send({"id": 7, "method": "session/request_permission", "params": {
                "sessionId": SESSION, "options": OPTIONS, "toolCall": {"toolCallId": "t"}}})
        answers = [self.wait(7) for _ in range(2)]
        say(" ".join(answer["result"]["outcome"]["optionId"] for answer in answers))
        self.end(id)


class takes_back(Agent):
    def prompt(self, id):
        send({"id": "q", "method": "session/request_permission", "params": {
            "sessionId": SESSION, "options": OPTIONS, "toolCall": {"toolCallId": "t"}}})
        send({"method": "$/cancel_request", "params": {"requestId": "other"}})
        send({"method": "$/cancel_request", "params": {"requestId": "q"}})
        say(str(self.wait("q")["error"]["code"]))
        self.end(id)


class ends_while_it_asks(Agent):
    def prompt(self, id):
        send({"id": "q", "method": "session/request_permission", "params": {
            "sessionId": SESSION, "options": OPTIONS, "toolCall": {"toolCallId": "t"}}})
        super().prompt(id)


class asks_before_the_prompt(asks):
    def open(self, id, method, params):
        self.answer = self.ask()
        super().open(id, method, params)

    def prompt(self, id):
        say(self.answer["result"]["outcome"]["outcome"])
        self.end(id)


# Files and terminals.


class requests(Agent):
    """It makes the requests that its argument lists, and says what came of each."""

    def prompt(self, id):
        for method, params in json.loads(sys.argv[2]):
            answer = self.call(method, **params)
            say(str(answer["error"]["code"]) if "error" in answer else json.dumps(answer["result"], sort_keys=True))
            say("\n")
        self.end(id)


class leaves_terminals(Agent):
    def prompt(self, id):
        for line in ("sleep 1000", "setsid sleep 1000 & trap '' TERM; while :; do sleep 1; done"):
            self.call("terminal/create", command="sh", args=["-c", line])
        super().prompt(id)


class floods_terminal(Agent):
    def prompt(self, id):
        terminal = self.call("terminal/create", command="yes", args=["é€"], outputByteLimit=1000)["result"]["terminalId"]
        output = {"truncated": False}
        while not output["truncated"]:
            output = self.call("terminal/output", terminalId=terminal)["result"]
        self.call("terminal/kill", terminalId=terminal)
        end = self.call("terminal/wait_for_exit", terminalId=terminal)["result"]
        output = self.call("terminal/output", terminalId=terminal)["result"]
        kept = output["output"]
        fits = 990 < len(kept.encode()) <= 1000 and not set(kept) - set("é€\n") and output["exitStatus"] == end
        self.call("terminal/release", terminalId=terminal)
        gone = self.call("terminal/output", terminalId=terminal)
        say(f"{fits} {end['signal']} {gone['error']['code']}")
        self.end(id)


class waits_for_terminal(Agent):
    """It is cancelled while it waits."""

    def prompt(self, id):
        terminal = self.call("terminal/create", command="sleep 1000 | cat")["result"]["terminalId"]
        say("waiting")
        self.call("terminal/wait_for_exit", terminalId=terminal)
        self.end(id, "cancelled")


# Sessions and settings.


class sessions(Agent):
    """The ways into a session that it has, and those that it refuses, are its arguments."""

    def __init__(self):
        super().__init__()
        self.refused = json.loads(sys.argv[3])
        self.capabilities = json.loads(sys.argv[2])

    def open(self, id, method, params):
        if method in self.refused:
            return refuse(id, -32002, "no such session")
        if method == "session/load":
            update("user_message_chunk", content=text("earlier"))
            say("what was said earlier")
        reply(id, {} if method in ("session/load", "session/resume") else {"sessionId": "new-one"})

    def prompt(self, id):
        update("agent_message_chunk", session="old-one" if self.methods[-2] in ("session/load", "session/resume")
               else "new-one", content=text(f"{' '.join(m for m in self.methods if m != 'initialize')}: {self.told}"))
        self.end(id)


class chooses(Agent):
    """It says what was chosen; how things can be chosen is its argument."""

    def __init__(self):
        super().__init__()
        self.opened = json.loads(sys.argv[2])
        self.chosen = []

    def other(self, id, method, params):
        if params.get("value") == "broken" or params.get("modelId") == "broken":
            return refuse(id, -32603, "can't be set")
        self.chosen.append(method + " " + (params.get("configId", "") + " " + (
            params.get("value") or params.get("modeId") or params.get("modelId"))).strip())
        reply(id, {})

    def prompt(self, id):
        say(", ".join(self.chosen))
        self.end(id)


class costs(Agent):
    """Tells what its session has cost: amounts after the prompt, and while it opens."""

    def __init__(self):
        super().__init__()
        self.capabilities = {"sessionCapabilities": {"resume": {}}} if sys.argv[2] == "resumes" else {}

    def open(self, id, method, params):
        for amount in json.loads(sys.argv[4]):
            self.tell(amount)
        super().open(id, method, params)

    def tell(self, amount):
        update("usage_update", used=1, size=100, cost={"amount": amount, "currency": "USD"})

    def prompt(self, id):
        for amount in json.loads(sys.argv[3]):
            self.tell(amount)
        say("hello")
        self.end(id)


class greeted(Agent):
    def initialize(self, id, params):
        self.client = params["clientInfo"]
        super().initialize(id, params)

    def prompt(self, id):
        say(json.dumps(self.client, sort_keys=True))
        self.end(id)


class servers(Agent):
    capabilities = {"mcpCapabilities": {"http": True}}

    def open(self, id, method, params):
        self.given = params["mcpServers"]
        super().open(id, method, params)

    def prompt(self, id):
        say(json.dumps(self.given, sort_keys=True))
        self.end(id)


class unknown_request(Agent):
    def prompt(self, id):
        say(" ".join(str(self.call(method)["error"]["code"]) for method in ("elicitation/create", "_own/thing")))
        self.end(id)


class closes_sessions(Agent):
    """For trials: it says on stderr that a session was ended."""

    capabilities = {"sessionCapabilities": {"close": {}}}
    sign_ins = SIGN_INS

    def other(self, id, method, params):
        sys.stderr.write(f"{method} {params['sessionId']}\n")
        sys.stderr.flush()
        reply(id, {})
