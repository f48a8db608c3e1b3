#!/usr/bin/env python3
"""A program in the place of Claude Code or Codex: it does what the Python in STAND_IN says, in the words below."""
import json
import os
import signal
import sys
import time


def say(**line):
    print(json.dumps(line), flush=True)


def heard():
    line = sys.stdin.readline()
    return json.loads(line) if line else None


# Claude Code's.

def reply(request, **response):
    say(type="control_response", response={"subtype": "success", "request_id": request["request_id"], **response})


def greet():
    account = {"tokenSource": "none", "apiProvider": "firstParty"}
    reply(heard(), response={"claude_code_version": "9.9", "account": account})
    return heard()


def text(text):
    message = {"id": "m", "model": "m", "content": [{"type": "text", "text": text}]}
    say(type="assistant", message=message, parent_tool_use_id=None)


def result(text="Hello.", **more):
    usage = {"input_tokens": 10, "output_tokens": 5}
    say(**{"type": "result", "subtype": "success", "is_error": False, "result": text, "total_cost_usd": 0.5,
           "usage": usage, **more})


# Codex's.

def begin():
    say(type="thread.started", thread_id="t")


def answer(text="Hello."):
    say(type="item.completed", item={"id": "i", "type": "agent_message", "text": text})


def complete():
    say(type="turn.completed", usage={"input_tokens": 10, "output_tokens": 5})


exec(os.environ["STAND_IN"])
