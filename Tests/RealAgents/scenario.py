"""What is tried, and with whom."""
import typing

EVERYBODY = ("claude", "codex", "acp")
SCENARIOS = []


class Scenario(typing.NamedTuple):
    name: str
    kinds: tuple
    # What of what the models say they say after a while; None is nothing.
    slow: str | None
    # Takes a bench, the agent's kind and the models.
    body: typing.Callable


def scenario(*kinds, slow=None, name=None):
    """Has a function tried with the agents of these kinds."""
    def add(body):
        SCENARIOS.append(Scenario(name or body.__name__.replace("_", " "), kinds, slow, body))
        return body

    return add
