"""Who Ion works for: a person at a terminal, and an editor."""
import contextlib
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import termios
import threading

from bench import PATIENCE, Failure


class Terminal:
    """A terminal of its own with `ion` in it, as people use it."""

    def __init__(self, bench, *arguments):
        self.words = f"`ion {' '.join(arguments)}`"
        self.keyboard, inside = pty.openpty()
        # Wide enough that no line is cut.
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 240, 0, 0))
        self.process = subprocess.Popen(
            [bench.ion, *arguments], cwd=bench.workspace, env={**bench.environment, "TERM": "xterm"},
            stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
        os.close(inside)
        self.shown = ""
        self.seen = 0

    def shows(self, text):
        """Waits until a text is shown behind the last one that was waited for; what was shown up to it."""
        while (place := self.shown.find(text, self.seen)) < 0:
            if not self.look():
                raise Failure(f"{self.words} ended and never showed `{text}`", self.shown)
        before = self.shown[self.seen:place]
        self.seen = place + len(text)
        return before

    def look(self):
        """Takes what is shown next; whether there is anything more."""
        if not select.select([self.keyboard], [], [], PATIENCE)[0]:
            raise Failure(f"{self.words} shows nothing new", self.shown)
        try:
            piece = os.read(self.keyboard, 65536)
        except OSError:
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)

    def type(self, text):
        os.write(self.keyboard, text.encode())

    def ends(self, status=0):
        """Waits for its end; everything that was shown."""
        while self.look():
            pass
        code = self.process.wait(PATIENCE)
        if code != status:
            raise Failure(f"{self.words} ended with {code}, not {status}", self.shown)
        return self.shown

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        os.close(self.keyboard)


class Editor:
    """An editor with a folder open, and `ion serve` behind it."""

    def __init__(self, bench):
        self.process = subprocess.Popen(
            [bench.ion, "serve", "--stdio"], cwd=bench.workspace, env=bench.environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # A server that says nothing more is over, and so is who waits for it.
        self.watch = threading.Timer(PATIENCE, self.process.kill)
        self.watch.start()
        self.heard = []
        self.said = []
        self.count = 0
        self.call("initialize", processId=None, clientInfo={"name": "an editor"}, rootUri=bench.workspace.as_uri(),
                  capabilities={"experimental": {"ion": {"protocolVersion": 1}}})
        self.send(method="initialized", params={})

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise Failure("`ion serve` ended", "\n".join(self.said))
        message = json.loads(self.process.stdout.read(length))
        self.said.append(json.dumps(message)[:1000])
        if "method" in message and "id" in message:
            self.send(id=message["id"], result=None)
        elif "method" in message:
            self.heard.append((message["method"], message["params"]))
        return message

    def ask(self, method, **params):
        """The whole answer to a request."""
        self.count += 1
        self.send(id=self.count, method=method, params=params)
        while True:
            message = self.receive()
            if "method" not in message and message.get("id") == self.count:
                return message

    def call(self, method, **params):
        answer = self.ask(method, **params)
        if "error" in answer:
            raise Failure(f"`{method}` was refused: {answer['error']['message']}", "\n".join(self.said))
        return answer["result"]

    def hears(self, method, **values):
        """Waits for a notification with these values, also one that came before; nothing hears it twice."""
        place = 0
        while True:
            while place == len(self.heard):
                self.receive()
            name, params = self.heard[place]
            if name == method and values.items() <= params.items():
                return self.heard.pop(place)[1]
            place += 1

    def waits_for(self, run):
        """Waits for a run's end."""
        return self.call("workflow/wait", runId=run)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Whoever sees the end of its input leaves nothing of what it runs.
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()
        self.process.stdout.close()
        self.watch.cancel()
