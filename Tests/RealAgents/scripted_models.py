#!/usr/bin/env python3
"""A model service on loopback that says what a script tells it, so that real agent programs run without a network.

    scripted_models.py SCRIPT.json [PORT]          prints the port that it listens on, and serves until it is ended

It speaks the Anthropic Messages API (POST …/messages) and the OpenAI Responses API (POST …/responses), streaming and not.

The script is a list of rules: {"name", "when": REGEX, "turns": [TURN, …]}. A request is answered by what it holds, not by
when it comes, so that conversations side by side don't mix: the rule is the first whose expression is found in the latest
text of a person that any rule fits, and its turn is the one whose number is how often the model has spoken since. The last
turn is said again and again. A request that no rule fits is answered PONG. The service keeps nothing but counts of failures.

A turn has any of
    "thinking", "text"        what the model thinks, and says; {1} … {9} are the groups of the rule's expression
    "tools": [{"name", "input"}]   tools that it calls (a Codex tool may have "text" in place of "input": a custom tool)
    "model"                   only for requests of a model whose name holds this; others are answered PONG
    "usage": {"input_tokens", "output_tokens"}     what it uses; what it reads is said when it begins
    "stop"                    the reason to stop in place of the usual one, such as "refusal" or "max_tokens"
    "delay"                   seconds before the answer
    "pieces", "every"         in how many pieces the text is streamed, and the seconds between them
    "cut"                     true: the stream breaks off after the text
    "status", "error", "message", "details", "headers", "times"
                              a failing service; after so many of "times" failures the turn is answered as it stands
REQUEST_LOG names a file to which every request is appended, a line of JSON each, with the name of the rule that answers
it and the number of its turn. Another line, {"answered": NAME, "turn"}, follows where the answer was taken to its end.
"""
import http.server
import json
import os
import pathlib
import re
import sys
import threading
import time

RULES = json.loads(pathlib.Path(sys.argv[1]).read_text())
LOCK = threading.Lock()
FAILURES = {}


def log(**entry):
    if os.environ.get("REQUEST_LOG"):
        with LOCK, open(os.environ["REQUEST_LOG"], "a") as file:
            file.write(json.dumps(entry) + "\n")


def texts(content):
    """The texts of a message's content."""
    if isinstance(content, str):
        return [content]
    return [part["text"] for part in content or [] if isinstance(part.get("text"), str)]


def conversation(body):
    """What was said, as (speaker, texts): `model` for what a model said or called, `tool` for what came of that, `person`."""
    for item in body.get("messages") or []:
        content = item.get("content")
        results = isinstance(content, list) and any(part.get("type") == "tool_result" for part in content)
        speaker = "model" if item.get("role") == "assistant" else "tool" if results else "person"
        yield speaker, texts(content)
    items = body.get("input") or []
    for item in [{"role": "user", "content": items}] if isinstance(items, str) else items:
        kind = item.get("type", "message")
        if kind == "message":
            yield {"assistant": "model", "user": "person"}.get(item.get("role"), "other"), texts(item.get("content"))
        else:
            yield "tool" if kind.endswith("_output") else "model", []


def chosen(body):
    """The turn that a request is answered with: its rule's number, its own, itself with groups filled in."""
    said = list(conversation(body))
    for place in range(len(said) - 1, -1, -1):
        speaker, parts = said[place]
        if speaker != "person":
            continue
        for number, rule in enumerate(RULES):
            match = re.search(rule["when"], "\n".join(parts))
            if not match:
                continue
            later = [speaker for speaker, _ in said[place + 1:]]
            spoken = sum(1 for at, one in enumerate(later) if one == "model" and (at == 0 or later[at - 1] != "model"))
            index = min(spoken, len(rule["turns"]) - 1)
            turn = rule["turns"][index]
            if turn.get("model", "") not in str(body.get("model")):
                break
            return (number, index), filled(turn, match)
    return None, {"text": "PONG"}


def filled(value, match):
    if isinstance(value, str):
        return re.sub(r"\{([1-9])\}", lambda group: match.group(int(group[1])) or "", value)
    if isinstance(value, list):
        return [filled(item, match) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, match) for key, item in value.items()}
    return value


def fails(place, turn):
    """Whether the service fails this time."""
    if "status" not in turn:
        return False
    with LOCK:
        FAILURES[place] = FAILURES.get(place, 0) + 1
        return FAILURES[place] <= turn.get("times", sys.maxsize)


def is_piece(event):
    """Whether an event is a piece of a text."""
    delta = event.get("delta")
    return event["type"] == "response.output_text.delta" or isinstance(delta, dict) and "text" in delta


def pieces(turn):
    text = turn.get("text", "")
    size = max(1, -(-len(text) // turn.get("pieces", 1)))
    return [text[start:start + size] for start in range(0, len(text), size)] or [""]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, body, status=200, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in dict(headers).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events, turn):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        said = 0
        for event in events:
            if is_piece(event):
                if said:
                    time.sleep(turn.get("every", 0))
                said += 1
            elif said and turn.get("cut"):
                return
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self):
        self.reply({"object": "list", "data": [], "models": []})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        answers = {"/messages": self.answer_messages, "/responses": self.answer_responses}
        answer = next((method for part, method in answers.items() if part in self.path), None)
        if answer is None or "count_tokens" in self.path:
            log(path=self.path, body=body)
            return self.reply({"input_tokens": 10} if answer else {})
        place, turn = chosen(body)
        name = RULES[place[0]].get("name") if place else None
        log(path=self.path, headers=dict(self.headers), body=body, rule=name, turn=place and place[1])
        time.sleep(turn.get("delay", 0))
        if fails(place, turn):
            kind = turn.get("error", "api_error")
            error = {"type": kind, "code": kind, "message": turn.get("message", kind), **turn.get("details", {})}
            return self.reply({"type": "error", "error": error}, turn["status"], turn.get("headers", {}))
        try:
            answer(body, turn)
            log(answered=name, turn=place and place[1])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer_messages(self, body, turn):
        identity = os.urandom(6).hex()
        usage = {"input_tokens": 10, "output_tokens": 5, **turn.get("usage", {})}
        tools = turn.get("tools", [])
        reason = turn.get("stop") or ("tool_use" if tools else "end_turn")
        blocks = []
        if "thinking" in turn:
            blocks.append(({"type": "thinking", "thinking": "", "signature": ""}, [
                {"type": "thinking_delta", "thinking": turn["thinking"]},
                {"type": "signature_delta", "signature": "c2ln"}]))
        if "text" in turn or not tools:
            blocks.append(({"type": "text", "text": ""},
                           [{"type": "text_delta", "text": piece} for piece in pieces(turn)]))
        for number, tool in enumerate(tools):
            call = {"type": "tool_use", "id": f"toolu_{identity}_{number}", "name": tool["name"], "input": {}}
            blocks.append((call, [{"type": "input_json_delta", "partial_json": json.dumps(tool.get("input", {}))}]))
        message = {"id": f"msg_{identity}", "type": "message", "role": "assistant", "model": body.get("model"),
                   "content": [], "stop_reason": None, "stop_sequence": None, "usage": {**usage, "output_tokens": 1}}
        if not body.get("stream"):
            content = [{"type": "text", "text": turn.get("text", "")}]
            return self.reply({**message, "content": content, "stop_reason": reason, "usage": usage})
        events = [{"type": "message_start", "message": message}]
        for index, (block, deltas) in enumerate(blocks):
            events.append({"type": "content_block_start", "index": index, "content_block": block})
            events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
            events.append({"type": "content_block_stop", "index": index})
        delta = {"stop_reason": reason, "stop_sequence": None}
        events.append({"type": "message_delta", "delta": delta, "usage": usage})
        self.stream(events + [{"type": "message_stop"}], turn)

    def answer_responses(self, body, turn):
        identity = os.urandom(6).hex()
        used = {"input_tokens": 10, "output_tokens": 5, **turn.get("usage", {})}
        usage = {**used, "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0},
                 "total_tokens": used["input_tokens"] + used["output_tokens"]}
        response = {"id": f"resp_{identity}", "object": "response", "status": "in_progress", "output": []}
        events = [{"type": "response.created", "response": response}]
        output = []
        if "thinking" in turn:
            output.append({"type": "reasoning", "id": f"rs_{identity}", "encrypted_content": None,
                           "summary": [{"type": "summary_text", "text": turn["thinking"]}]})
        if "text" in turn or not turn.get("tools"):
            text = turn.get("text", "")
            item = {"type": "message", "id": f"msg_{identity}", "role": "assistant", "status": "in_progress",
                    "content": []}
            events.append({"type": "response.output_item.added", "output_index": len(output), "item": item})
            events += [{"type": "response.output_text.delta", "item_id": item["id"], "output_index": len(output),
                        "content_index": 0, "delta": piece} for piece in pieces(turn)]
            output.append({**item, "status": "completed",
                           "content": [{"type": "output_text", "text": text, "annotations": []}]})
        for number, tool in enumerate(turn.get("tools", [])):
            call = {"id": f"fc_{identity}_{number}", "call_id": f"call_{identity}_{number}", "name": tool["name"],
                    "status": "completed"}
            if "text" in tool:
                output.append({"type": "custom_tool_call", "input": tool["text"], **call})
            else:
                if "namespace" in tool:
                    call["namespace"] = tool["namespace"]
                output.append({"type": "function_call", "arguments": json.dumps(tool.get("input", {})), **call})
        events += [{"type": "response.output_item.done", "output_index": index, "item": item}
                   for index, item in enumerate(output)]
        finished = {**response, "status": "completed", "output": output, "usage": usage}
        if turn.get("stop"):
            finished = {**finished, "status": "incomplete", "incomplete_details": {"reason": turn["stop"]}}
        if not body.get("stream"):
            return self.reply(finished)
        kind = "response.incomplete" if turn.get("stop") else "response.completed"
        self.stream(events + [{"type": kind, "response": finished}], turn)


def main():
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
