"""Agents by what they print, say and answer, and how they end."""

import json
import os
import signal
import sys
import time

from acp_base import Agent, SESSION, SIGN_INS, for_ever, refuse, reply, say, send, text, update, write

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
    sign_ins = SIGN_INS

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
