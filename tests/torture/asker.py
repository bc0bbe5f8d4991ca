"""One of many who ask at the same moment, as a program: reads its plan, signs in, says `ready`, and waits for `go`."""

# Light on purpose, since eight of these start at once: it imports nothing of the site.

import json
import sys
from typing import Any

from tests.torture.caller import Caller, filled_in, form_of


def ask_for_all(plan: dict[str, Any]) -> None:
    """Post every form of the plan, one after the other, and write down what came back."""
    rooms = {slot[0]: form_of(slot[0]) for slot in plan["slots"]}
    with Caller(plan["port"]).sign_in(plan["token"]) as caller:
        forms = {room: caller.get(address).hidden for room, address in rooms.items()}
        say("ready")
        sys.stdin.readline()
        for slot in plan["slots"]:
            room, day, starts, ends, key = slot
            answer = caller.post(rooms[room], filled_in(forms[room], day=day, starts=starts, ends=ends, key=key))
            told = {
                "slot": slot[:4],
                "status": answer.status,
                "location": answer.location,
                "alternatives": answer.alternatives,
                "seconds": answer.seconds,
            }
            say(json.dumps(told))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    ask_for_all(json.loads(sys.stdin.readline()))
