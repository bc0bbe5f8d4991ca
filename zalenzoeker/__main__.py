"""The site and its worker, as lean as they can be: `python -m zalenzoeker` does what `flask --app wsgi serve` does."""

import gc

# Importing makes a great deal and throws little of it away; the server lets the collector begin again. So these two
# imports must stand below this line: they are what the collector waits for.
gc.disable()

from wsgi import app  # noqa: E402 -- below gc.disable(), as told above
from zalenzoeker.cli import serve  # noqa: E402 -- below gc.disable(), as told above

if __name__ == "__main__":
    with app.app_context():
        serve.main(args=[], prog_name="python -m zalenzoeker")
