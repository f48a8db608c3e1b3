"""An agent that speaks the Agent Client Protocol as its one argument says: well, or badly on purpose.

Each way is a class of `acp_talks` or `acp_asks`, named as the argument is. Nothing but the standard library is needed.
"""

import sys

# Nothing is written beside the sources.
sys.dont_write_bytecode = True

import acp_asks
import acp_base
import acp_talks

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "Agent"
    rooms = [room for room in (acp_talks, acp_asks, acp_base) if hasattr(room, name)]
    getattr(rooms[0], name)().run()
