"""The application that a server runs."""

from click import get_current_context

from zalenzoeker.app import create_app
from zalenzoeker.cli import Trouble, refuse_demonstration_rows
from zalenzoeker.config import SettingError

try:
    app = create_app()
    if get_current_context(silent=True) is None:
        # A server starts it, not a command: the command that removes demonstration rows must always start.
        with app.app_context():
            refuse_demonstration_rows(app)
    else:
        # Only commands migrate, and have loaded Alembic for it already; a server never does.
        from zalenzoeker.storage import migrating

        migrating.init_app(app)
except SettingError as error:
    # The sentence says what to do; where in the code it was noticed helps nobody.
    raise SystemExit(str(error)) from None
except Trouble as trouble:
    raise SystemExit(f"Error: {trouble.message}") from None
