"""What the models say: a rule for each word that a prompt may have behind its agent's kind."""


def shell(kind, command):
    """The call of the tool that runs a command."""
    if kind == "codex":
        return {"name": "exec_command", "input": {"cmd": command}}
    return {"name": "Bash", "input": {"command": command, "description": "Do what was asked"}}


def echo(kind):
    """The call of the tool of `toy_server.py`."""
    if kind == "codex":
        return {"name": "echo", "namespace": "mcp__toy", "input": {"text": "hey"}}
    return {"name": "mcp__toy__echo", "input": {"text": "hey"}}


def search(path):
    """The call of the tool that shows what stands in files."""
    return {"name": "Grep", "input": {"pattern": "[a-z]+", "path": path, "output_mode": "content"}}


def changes(kind):
    """The turns that change the file that a prompt names."""
    if kind == "claude":
        # It edits only what it has read.
        read = {"name": "Read", "input": {"file_path": "{1}"}}
        edit = {"file_path": "{1}", "old_string": "old", "new_string": "new"}
        return [{"tools": [read]}, {"tools": [{"name": "Edit", "input": edit}]}]
    return [{"tools": [{"name": "Write", "input": {"file_path": "{1}", "content": "new words\n"}}]}]


def allowed(kind):
    """The keys of a node whose agent may run commands without asking."""
    return {"allowed_tools": ["Bash"]} if kind == "claude" else {}


# A try that is good enough the second time.
TRY = "echo try >> tries.txt; if [ $(wc -l < tries.txt) -ge 2 ]; then touch done.txt; fi; echo tried"
MUCH = {"usage": {"input_tokens": 6000, "output_tokens": 50}}
# What stays the first time, and says so by a file.
STAY = "if [ -e begun.txt ]; then echo over; else touch begun.txt; sleep 777; fi"
SLOW = {"text": "slow " * 50, "pieces": 50, "every": 1}


def rules(kind, slow=None):
    """What the models of an agent say; what is `slow` of it, they say after a while."""
    def when(word, *turns, expression=None):
        first, *others = turns
        return {"name": word, "when": rf"\({kind}\) {expression or word}",
                "turns": [{"delay": 3 if word == slow else 0, **first}, *others]}

    return [
        when("answer", {"thinking": "Easy.", "text": "Hello from the model.", "pieces": 3}),
        when("tool", {"text": "I write it.", "tools": [shell(kind, "echo made by an agent > made.txt; echo done")]},
             {"text": "It is written."}),
        when("twice", {"tools": [shell(kind, "touch first.txt")]}, {"tools": [shell(kind, "touch second.txt")]},
             {"text": "Both are there."}),
        when("both", {"tools": [shell(kind, "touch first.txt"), shell(kind, "touch second.txt")]}, {"text": "I go on."}),
        when("stay", {"tools": [shell(kind, STAY)]}, {"text": "It is over."}),
        when("change", *changes(kind), {"text": "It is changed."}, expression=r"change (\S+)"),
        when("look", {"tools": [{"name": "Read", "input": {"file_path": "{1}"}}, search("{1}")]}, {"text": "I go on."},
             expression=r"look (\S+)"),
        when("outside", {"tools": [shell(kind, "echo inside > inside.txt; echo outside > {1}")]}, {"text": "I go on."},
             expression=r"outside (\S+)"),
        when("form", {"text": "no JSON at all"}, {"text": '{"ok": true}'}),
        when("refused", {"status": 401, "error": "authentication_error", "message": "no such key"}),
        when("limited", {"status": 429, "error": "rate_limit_error", "message": "too much", "headers": {
            "retry-after": "3600", "anthropic-ratelimit-unified-status": "rejected",
            "anthropic-ratelimit-unified-reset": "1900000000",
            "anthropic-ratelimit-unified-representative-claim": "five_hour"}}),
        when("server", {"tools": [echo(kind)]}, {"text": "It was said again."}),
        when("background", {"tools": [{"name": "Bash", "input": {"command": "sleep 777", "run_in_background": True}}]},
             {"text": "It runs."}),
        when("slow", SLOW),
        # Each message reads so much.
        when("dear", {"tools": [shell(kind, "true")], **MUCH}, {**SLOW, **MUCH}),
        when("costly", {"text": "That was dear.", **MUCH}),
        when("fail", {"tools": [shell(kind, "true")], **MUCH}, {"status": 400, "error": "invalid_request_error"}),
        when("plan", {"text": "The plan: one file."}),
        when("build", {"text": "I try.", "tools": [shell(kind, TRY)]}, {"text": "Tried."}),
        when("summary", {"text": "It is shipped."}),
    ]
