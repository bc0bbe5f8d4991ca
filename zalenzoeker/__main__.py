"""The site and its worker, as lean as they can be: `python -m zalenzoeker` does what `flask --app wsgi serve` does."""

import gc

# Importing makes a great deal and throws little of it away; the server lets the collector begin again.
gc.disable()

from wsgi import app  # noqa: E402 -- after the collector was told to wait
from zalenzoeker.cli import serve  # noqa: E402 -- after the collector was told to wait

if __name__ == "__main__":
    with app.app_context():
        serve.main(args=[], prog_name="python -m zalenzoeker")
