"""The application that a server runs."""

from zalenzoeker.app import create_app

app = create_app()
