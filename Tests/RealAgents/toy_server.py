#!/usr/bin/env python3
"""A server of the Model Context Protocol with one tool, `echo`, which says a text again and writes down whose it was."""
import json
import os
import sys

TOOL = {"name": "echo", "description": "Says it again",
        "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}}}


def answer(method, parameters):
    if method == "initialize":
        return {"protocolVersion": parameters["protocolVersion"], "capabilities": {"tools": {}},
                "serverInfo": {"name": "toy", "version": "1"}}
    if method == "tools/list":
        return {"tools": [TOOL]}
    if method == "tools/call":
        text = f"{parameters['arguments'].get('text')} ({os.environ.get('TOY_TOKEN')})"
        with open("echoed.txt", "a") as file:
            file.write(text + "\n")
        return {"content": [{"type": "text", "text": text}]}
    return {}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        result = answer(message["method"], message.get("params"))
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
