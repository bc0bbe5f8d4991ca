"""Somebody at the site that runs, over the wire, who looks at every page as the browser of the other tests does."""

import http.client
from contextlib import closing
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from flask import Flask
from werkzeug.wrappers import Response

from tests.browser import Browser
from tests.torture.caller import HOST, PATIENCE


class Visitor(Browser):
    """A browser whose pages come from the site on this port; ``app`` only knows the addresses of its pages."""

    def __init__(self, app: Flask, port: int) -> None:
        super().__init__(app)
        self.port = port
        self.cookies: dict[str, str] = {}

    def follows(self, address, *, status=200):
        """Open an address from a letter."""
        return self.visits("/" + address.split("/", 3)[3], status=status)

    def _ask(self, method, path, options):
        if query := options.get("query_string"):
            path += "?" + urlencode(list(query.items(multi=True)))
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if "data" in options:
            body = urlencode(list(options["data"].items(multi=True)))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        # People come back after hours: no connection stays open for that.
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            response = Response(answer.read(), answer.status, list(answer.headers.items()))
        for line in response.headers.getlist("Set-Cookie"):
            self.cookies.update((name, morsel.value) for name, morsel in SimpleCookie(line).items())
        return response
