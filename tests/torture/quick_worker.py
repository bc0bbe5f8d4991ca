"""The worker of the site with hardly any rest: after each round it writes down which moment it has looked at."""

import signal
import sys
import time
from pathlib import Path

from zalenzoeker import clock, rounds
from zalenzoeker.app import create_app

REST_SECONDS = 0.02


def main() -> None:
    """Go round as the worker does, until killed; the file of the first argument holds the moment of the last round."""
    app, seen = create_app(), Path(sys.argv[1])
    fresh = seen.with_suffix(".new")
    with app.app_context():
        rounds.look()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while True:
        with app.app_context():
            moment = clock.now()
            rounds.go_round()
        fresh.write_text(moment.isoformat(), encoding="utf-8")
        fresh.replace(seen)
        time.sleep(REST_SECONDS)


if __name__ == "__main__":
    main()
