#!/usr/bin/env python3
"""An agent made with the Agent Client Protocol's own SDK (`agent-client-protocol` of PyPI), whose model is a service.

It has two tools, which its client carries out: `Bash` is a terminal, `Write` a file. Its models are asked by the Anthropic
Messages API at ANTHROPIC_BASE_URL, with the key ANTHROPIC_API_KEY; without a key it wants one before it opens a session.
Its sessions are kept below the home folder, and are gone on with, told again and copied. In the mode `ask` it asks before
it uses a tool, in the mode `code` it doesn't. It says what a session has cost whenever that is more.
"""

import asyncio
import json
import os
import pathlib
import threading
import urllib.error
import urllib.request
import uuid

from acp import (
    PROTOCOL_VERSION,
    Agent,
    RequestError,
    run_agent,
    start_tool_call,
    text_block,
    tool_content,
    tool_diff_content,
    update_agent_message_text,
    update_agent_thought_text,
    update_tool_call,
    update_user_message_text,
)
from acp.schema import (
    AgentCapabilities,
    AuthMethodAgent,
    Cost,
    ForkSessionResponse,
    Implementation,
    InitializeResponse,
    LoadSessionResponse,
    NewSessionResponse,
    PermissionOption,
    PromptResponse,
    ResumeSessionResponse,
    SessionCapabilities,
    SessionConfigOptionSelect,
    SessionConfigSelectOption,
    SessionForkCapabilities,
    SessionMode,
    SessionModeState,
    SessionResumeCapabilities,
    SetSessionConfigOptionResponse,
    SetSessionModeResponse,
    ToolCallUpdate,
    Usage,
    UsageUpdate,
)

MODELS = ["scripted", "large"]
MODES = {"code": "Uses its tools", "ask": "Asks before it uses a tool"}
TOOLS = [
    {"name": "Bash", "description": "Runs a command.", "input_schema": {
        "type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}},
    {"name": "Write", "description": "Writes a file.", "input_schema": {
        "type": "object", "properties": {"file_path": {"type": "string"}, "content": {"type": "string"}},
        "required": ["file_path", "content"]}},
]
# Dollars for a token, read or written.
PRICE = 0.00001
REASONS = {"max_tokens": "max_tokens", "refusal": "refusal"}


class Session:
    """What was said and what that cost, in a file of its own."""

    folder = pathlib.Path.home() / ".local/state/acp-sdk-agent"

    def __init__(self, identity, cwd, messages=(), cost=0.0):
        self.identity = identity
        self.cwd = cwd
        self.messages = list(messages)
        # Dollars, for all that was ever asked.
        self.cost = cost
        # Tokens of the turn.
        self.used = {"input_tokens": 0, "output_tokens": 0}
        self.mode = "code"
        self.model = MODELS[0]
        self.cancelled = asyncio.Event()

    @classmethod
    def begin(cls, cwd, messages=()):
        return cls(uuid.uuid4().hex, cwd, messages)

    @classmethod
    def read(cls, identity, cwd):
        path = cls.folder / f"{pathlib.Path(identity).name}.json"
        if not path.exists():
            raise RequestError.resource_not_found(identity)
        return cls(identity, cwd, **json.loads(path.read_text()))

    def keep(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.identity}.json"
        aside = path.with_suffix(".new")
        aside.write_text(json.dumps({"messages": self.messages, "cost": self.cost}))
        aside.replace(path)

    def modes(self):
        modes = [SessionMode(id=name, name=words) for name, words in MODES.items()]
        return SessionModeState(current_mode_id=self.mode, available_modes=modes)

    def options(self):
        models = [SessionConfigSelectOption(value=name, name=name) for name in MODELS]
        return [SessionConfigOptionSelect(
            id="model", name="Model", category="model", type="select", current_value=self.model, options=models)]


class ModelStream:
    """One answer of the model, read on a thread of its own: urllib knows no event loop."""

    def __init__(self, session):
        body = {"model": session.model, "max_tokens": 4096, "stream": True, "messages": session.messages, "tools": TOOLS}
        self.request = urllib.request.Request(
            os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", json.dumps(body).encode(),
            {"content-type": "application/json", "anthropic-version": "2023-06-01",
             "x-api-key": os.environ["ANTHROPIC_API_KEY"]})
        self.loop = asyncio.get_running_loop()
        self.events = asyncio.Queue()

    def tell(self, event):
        self.loop.call_soon_threadsafe(self.events.put_nowait, event)

    def read(self):
        try:
            with urllib.request.urlopen(self.request) as response:
                for line in response:
                    if line.startswith(b"data: "):
                        self.tell(json.loads(line[6:]))
            self.tell(None)
        except urllib.error.HTTPError as error:
            details = {"status": error.code, "details": error.read().decode(errors="replace")}
            unknown = error.code in (401, 403)
            self.tell(RequestError.auth_required(details) if unknown else RequestError.internal_error(details))
        except OSError as error:
            self.tell(RequestError.internal_error({"details": str(error)}))

    async def __aiter__(self):
        # A thread that nobody waits for: a cancelled turn leaves it behind.
        threading.Thread(target=self.read, daemon=True).start()
        while (event := await self.events.get()) is not None:
            if isinstance(event, Exception):
                raise event
            yield event


class SDKAgent(Agent):
    def __init__(self):
        self.sessions = {}

    def on_connect(self, conn):
        self.client = conn

    async def initialize(self, protocol_version, client_capabilities=None, client_info=None, **_):
        return InitializeResponse(
            protocol_version=PROTOCOL_VERSION,
            agent_info=Implementation(name="acp-sdk-agent", title="SDK agent", version="1.0.0"),
            auth_methods=[AuthMethodAgent(id="key", name="Set ANTHROPIC_API_KEY")],
            agent_capabilities=AgentCapabilities(
                load_session=True,
                session_capabilities=SessionCapabilities(
                    resume=SessionResumeCapabilities(), fork=SessionForkCapabilities())))

    def hold(self, session):
        if not os.environ.get("ANTHROPIC_API_KEY"):
            raise RequestError.auth_required()
        self.sessions[session.identity] = session
        return session

    async def new_session(self, cwd, **_):
        session = self.hold(Session.begin(cwd))
        session.keep()
        return NewSessionResponse(
            session_id=session.identity, modes=session.modes(), config_options=session.options())

    async def resume_session(self, cwd, session_id, **_):
        session = self.hold(Session.read(session_id, cwd))
        await self.tell_cost(session)
        return ResumeSessionResponse(modes=session.modes(), config_options=session.options())

    async def load_session(self, cwd, session_id, **_):
        session = self.hold(Session.read(session_id, cwd))
        for message in session.messages:
            update = update_user_message_text if message["role"] == "user" else update_agent_message_text
            for block in message["content"]:
                if block["type"] == "text":
                    await self.client.session_update(session_id, update(block["text"]))
        await self.tell_cost(session)
        return LoadSessionResponse(modes=session.modes(), config_options=session.options())

    async def fork_session(self, session_id, cwd, **_):
        session = self.hold(Session.begin(cwd, Session.read(session_id, cwd).messages))
        session.keep()
        return ForkSessionResponse(
            session_id=session.identity, modes=session.modes(), config_options=session.options())

    async def set_session_mode(self, session_id, mode_id, **_):
        self.sessions[session_id].mode = mode_id
        return SetSessionModeResponse()

    async def set_config_option(self, config_id, session_id, value, **_):
        self.sessions[session_id].model = value
        return SetSessionConfigOptionResponse(config_options=self.sessions[session_id].options())

    async def cancel(self, session_id, **_):
        self.sessions[session_id].cancelled.set()

    async def prompt(self, session_id, prompt, **_):
        session = self.sessions[session_id]
        session.cancelled.clear()
        session.used = dict.fromkeys(session.used, 0)
        text = "\n".join(block.text for block in prompt if block.type == "text")
        session.messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
        session.keep()
        turn = asyncio.ensure_future(self.turn(session))
        cancelled = asyncio.ensure_future(session.cancelled.wait())
        await asyncio.wait([turn, cancelled], return_when=asyncio.FIRST_COMPLETED)
        cancelled.cancel()
        if not turn.done():
            turn.cancel()
            return self.end(session, "cancelled")
        return turn.result()

    async def turn(self, session):
        """Asks the model, and does what it wants, until it wants nothing more."""
        while True:
            content, reason = await self.ask(session)
            session.messages.append({"role": "assistant", "content": content})
            calls = [block for block in content if block["type"] == "tool_use"]
            if calls:
                results = [await self.use(session, call) for call in calls]
                session.messages.append({"role": "user", "content": results})
            session.keep()
            if not calls:
                return self.end(session, REASONS.get(reason, "end_turn"))

    def end(self, session, reason):
        usage = Usage(total_tokens=sum(session.used.values()), **session.used)
        return PromptResponse(stop_reason=reason, usage=usage)

    async def tell_cost(self, session):
        await self.client.session_update(session.identity, UsageUpdate(
            session_update="usage_update", used=sum(session.used.values()), size=200_000,
            cost=Cost(amount=session.cost, currency="USD")))

    async def count(self, session, before, now):
        """Counts what a message uses, which said something else of that before."""
        for key in session.used:
            more = now.get(key, 0) - before.get(key, 0)
            session.used[key] += more
            session.cost += more * PRICE
        session.keep()
        await self.tell_cost(session)
        return now

    async def ask(self, session):
        blocks, reason, usage = [], None, {}
        async for event in ModelStream(session):
            delta = event.get("delta", {})
            if event["type"] == "message_start":
                usage = await self.count(session, usage, event["message"]["usage"])
            elif event["type"] == "content_block_start":
                blocks.append({**event["content_block"], "json": ""})
            elif delta.get("type") == "text_delta":
                blocks[-1]["text"] += delta["text"]
                await self.client.session_update(session.identity, update_agent_message_text(delta["text"]))
            elif delta.get("type") == "thinking_delta":
                await self.client.session_update(session.identity, update_agent_thought_text(delta["thinking"]))
            elif delta.get("type") == "input_json_delta":
                blocks[-1]["json"] += delta["partial_json"]
            elif event["type"] == "message_delta":
                reason = delta.get("stop_reason")
                usage = await self.count(session, usage, event["usage"])
        for block in blocks:
            given = block.pop("json")
            if block["type"] == "tool_use":
                block["input"] = json.loads(given or "{}")
        return [block for block in blocks if block["type"] in ("text", "tool_use")], reason

    async def use(self, session, call):
        """Uses a tool, where that is allowed; what came of it."""
        identity, given = call["id"], call["input"]
        path = os.path.join(session.cwd, given.get("file_path", ""))
        writes = call["name"] == "Write"
        change = [tool_diff_content(path, given["content"], await self.text(session, path))] if writes else None
        title = f"Write {given['file_path']}" if writes else f"`{given.get('command')}`"
        start = start_tool_call(
            identity, title, kind="edit" if writes else "execute", status="pending", content=change, raw_input=given)
        # The protocol has no place for a tool's name.
        start.field_meta = {"sdkAgent": {"toolName": call["name"]}}
        await self.client.session_update(session.identity, start)
        if session.mode == "ask" and not await self.may(session, identity, title, change):
            text, failed = "The user refused.", True
        elif writes:
            await self.client.write_text_file(session.identity, path, given["content"])
            text, failed = "Written.", False
        else:
            text, failed = await self.run(session, given.get("command", "true"))
        content = (change or []) + [tool_content(text_block(text))]
        await self.client.session_update(session.identity, update_tool_call(
            identity, status="failed" if failed else "completed", content=content))
        return {"type": "tool_result", "tool_use_id": identity, "content": text, "is_error": failed}

    async def text(self, session, path):
        """What a file holds; None where there is none."""
        try:
            return (await self.client.read_text_file(session.identity, path)).content
        except RequestError:
            return None

    async def may(self, session, identity, title, change):
        options = [PermissionOption(option_id="yes", name="Allow", kind="allow_once"),
                   PermissionOption(option_id="no", name="Refuse", kind="reject_once")]
        answer = await self.client.request_permission(
            session.identity, ToolCallUpdate(tool_call_id=identity, title=title, content=change), options)
        return getattr(answer.outcome, "option_id", None) == "yes"

    async def run(self, session, command):
        terminal = await self.client.create_terminal(
            session.identity, "bash", ["-c", command], cwd=session.cwd, output_byte_limit=65536)
        end = await self.client.wait_for_terminal_exit(session.identity, terminal.terminal_id)
        output = await self.client.terminal_output(session.identity, terminal.terminal_id)
        await self.client.release_terminal(session.identity, terminal.terminal_id)
        return output.output, end.exit_code != 0


if __name__ == "__main__":
    asyncio.run(run_agent(SDKAgent(), use_unstable_protocol=True))
