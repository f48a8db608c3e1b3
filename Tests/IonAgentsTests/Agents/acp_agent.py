"""An agent that speaks the Agent Client Protocol as its one argument says: well, or badly on purpose.

Each way is a class here, named as the argument is. Nothing but the standard library is needed.
"""

import json
import os
import signal
import sys
import time

SESSION = "session-1"


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


# What it prints.


class noise(Agent):
    def run(self):
        write("Loading the model...\n[1/3] ok\n{not json\n42\n\"text\"\nnull\n{}\n")
        super().run()

    def prompt(self, id):
        write(b"\xff\xfe\x00 bytes\n")
        write('{"jsonrpc": "2.0", "method": "session/update", "params": {"sess\n')
        super().prompt(id)


class blank_lines(Agent):
    def run(self):
        write("\n\r\n  \n")
        super().run()

    def initialize(self, id, params):
        write(json.dumps({"jsonrpc": "2.0", "id": id, "result": {"protocolVersion": 1}}) + "\r\n\r\n")


class byte_by_byte(Agent):
    def prompt(self, id):
        line = json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {
            "sessionId": SESSION, "update": {"sessionUpdate": "agent_message_chunk", "content": text("é€😀")}}},
            ensure_ascii=False)
        for byte in (line + "\n").encode():
            write(bytes([byte]))
        self.end(id)


class cut_characters(Agent):
    """A character cut in two by an agent that cuts bytes."""

    def prompt(self, id):
        line = json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {
            "sessionId": SESSION, "update": {"sessionUpdate": "agent_message_chunk", "content": text("<>")}}})
        write(line.encode().replace(b"<>", b"a\xc3") + b"\n")
        self.end(id)


class long_line(Agent):
    def prompt(self, id):
        say("x" * 20_000_000)
        self.end(id)


class many_chunks(Agent):
    def prompt(self, id):
        line = json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {
            "sessionId": SESSION, "update": {"sessionUpdate": "agent_message_chunk", "content": text("x")}}})
        write((line + "\n") * 50_000)
        self.end(id)


class stderr_flood(Agent):
    def prompt(self, id):
        for _ in range(5000):
            sys.stderr.write("e" * 1000 + "\n")
        super().prompt(id)


# What it says.


class unknown_update(Agent):
    def prompt(self, id):
        update("telepathy", content=text("psst"))
        send({"method": "session/update", "params": {}})
        send({"method": "session/update"})
        send({"method": "session/update", "params": {"sessionId": SESSION, "update": "nothing"}})
        update("tool_call")
        update("agent_message_chunk")
        update("agent_message_chunk", content={"type": "smell"})
        update("plan", entries="none")
        send({"method": "_own/thing", "params": {"x": 1}})
        say("of another", session="session-2")
        super().prompt(id)


class every_update(Agent):
    def prompt(self, id):
        update("agent_thought_chunk", content=text("hm"))
        update("user_message_chunk", content=text("what I was told"))
        update("plan", entries=[
            {"content": "look", "priority": "high", "status": "completed"},
            {"content": "change", "priority": "low", "status": "in_progress"},
            {"content": "test", "priority": "low", "status": "pending"}])
        say("I look.")
        update("tool_call", toolCallId="t1", title="Edit a.txt", kind="edit", status="pending",
               rawInput={"path": "a.txt"}, locations=[{"path": "/w/a.txt"}], _meta={"maker": {"toolName": "Edit"}})
        update("tool_call_update", toolCallId="t1", status="completed", content=[
            {"type": "diff", "path": "/w/a.txt", "oldText": "a\n", "newText": "b\n"},
            {"type": "content", "content": text("done")}])
        update("tool_call", toolCallId="t2", title="Run it", kind="execute", rawInput={"command": "make"})
        update("tool_call_update", toolCallId="t2", status="failed", rawOutput={"output": "no rule"})
        update("available_commands_update", availableCommands=[{"name": "web", "description": "search"}])
        update("current_mode_update", currentModeId="code")
        update("config_option_update", configOptions=[])
        update("session_info_update", title="A change")
        update("usage_update", used=10, size=100, cost={"amount": 0.25, "currency": "USD"})
        say("It ")
        say("works.")
        self.end(id, usage={"inputTokens": 5, "outputTokens": 3, "cachedReadTokens": 2, "totalTokens": 10})


class early_updates(Agent):
    def open(self, id, method, params):
        say("too early")
        update("usage_update", used=1, size=2, cost={"amount": 1, "currency": "USD"})
        super().open(id, method, params)

    def prompt(self, id):
        update("usage_update", used=1, size=2, cost={"amount": 1.5, "currency": "USD"})
        super().prompt(id)


class late_updates(Agent):
    def prompt(self, id):
        super().prompt(id)
        say(" and more")
        self.call("fs/write_text_file", path=os.getcwd() + "/late.txt", content="late")


class stop(Agent):
    """Its reason is its second argument."""

    def prompt(self, id):
        say("hello")
        self.end(id, sys.argv[2])


class no_stop_reason(Agent):
    def prompt(self, id):
        reply(id, None)


# Answers.


class duplicate_answers(Agent):
    def initialize(self, id, params):
        super().initialize(id, params)
        super().initialize(id, params)

    def open(self, id, method, params):
        super().open(id, method, params)
        reply(id, {"sessionId": "another"})


class missing_answer(Agent):
    def prompt(self, id):
        say("hello")


class unknown_ids(Agent):
    def prompt(self, id):
        reply(99, {"stopReason": "refusal"})
        reply(str(id), {"stopReason": "refusal"})
        reply(None, {})
        refuse(None, -32700)
        send({"id": {}, "method": "fs/read_text_file"})
        super().prompt(id)


class error_answer(Agent):
    """At which method, with which code and which data it refuses are its arguments."""

    def refuses(self, method, id):
        if sys.argv[2] == method:
            refuse(id, int(sys.argv[3]), "it broke", json.loads(sys.argv[4]))
        return sys.argv[2] == method

    def initialize(self, id, params):
        self.refuses("initialize", id) or super().initialize(id, params)

    def open(self, id, method, params):
        self.refuses(method, id) or super().open(id, method, params)

    def prompt(self, id):
        self.refuses("session/prompt", id) or super().prompt(id)


class batches(Agent):
    def prompt(self, id):
        chunk = {"jsonrpc": "2.0", "method": "session/update", "params": {
            "sessionId": SESSION, "update": {"sessionUpdate": "agent_message_chunk", "content": text("hello")}}}
        write(json.dumps([]) + "\n" + json.dumps([chunk, 1, {
            "jsonrpc": "2.0", "id": id, "result": {"stopReason": "end_turn"}}]) + "\n")


class no_session(Agent):
    def open(self, id, method, params):
        reply(id, {})


class other_version(Agent):
    version = 2


class no_version(Agent):
    def initialize(self, id, params):
        reply(id, {"agentCapabilities": {}})


class wants_sign_in(Agent):
    sign_ins = [{"id": "browser", "name": "With a browser"}, {"id": "key", "name": "With a key"}]

    def open(self, id, method, params):
        refuse(id, -32000, "Authentication required")


# Ends.


class exits(Agent):
    """When it ends, and with which code, are its arguments."""

    def leave(self, when):
        if sys.argv[2] == when:
            sys.stderr.write("it can't go on\n")
            sys.stderr.flush()
            os._exit(int(sys.argv[3]))

    def run(self):
        self.leave("start")
        super().run()

    def open(self, id, method, params):
        self.leave("opening")
        super().open(id, method, params)

    def prompt(self, id):
        say("hel")
        self.leave("turn")


class killed(Agent):
    def prompt(self, id):
        os.kill(os.getpid(), signal.SIGSEGV)


class hangs_at_start(Agent):
    def run(self):
        for_ever()


class hangs_in_turn(Agent):
    def prompt(self, id):
        say("hello")
        for_ever()


class closes_stdout(Agent):
    def prompt(self, id):
        os.close(1)
        for_ever()


class stays(Agent):
    """It answers, and takes no notice of the end of its input."""

    def prompt(self, id):
        super().prompt(id)
        for_ever()


class leaves_children(Agent):
    def prompt(self, id):
        if os.fork() == 0:
            os.setsid()
            for_ever()
        super().prompt(id)


# Cancels.


class cancelled(Agent):
    """It ends its turn once it is cancelled; how is its argument."""

    def prompt(self, id):
        say("hello")
        while not self.is_cancelled:
            self.is_cancelled = self.receive().get("method") == "session/cancel"
        say(" after")
        if sys.argv[2] == "error":
            refuse(id, -32603)
        elif sys.argv[2] == "exit":
            os._exit(0)
        else:
            self.end(id, sys.argv[2])


class ignores_cancel(Agent):
    def prompt(self, id):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("hello")
        while True:
            say(".")
            time.sleep(0.001)


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
    sign_ins = wants_sign_in.sign_ins

    def other(self, id, method, params):
        sys.stderr.write(f"{method} {params['sessionId']}\n")
        sys.stderr.flush()
        reply(id, {})


if __name__ == "__main__":
    globals()[sys.argv[1] if len(sys.argv) > 1 else "Agent"]().run()
