"""A site over https on this machine, with a certificate of its own, that answers what a test tells it to."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from zalenzoeker.gateways.diary_fetch import Door

# Only for tests, made for agenda.example and elders.example, which nobody can have; it opens nothing.
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2R/s6mPhaXZG+mfr
tm2LGcoA+YMrfoQxHiXznYjvpiOhRANCAAQ13LpYDzHzJWrkRqJ3QDv3zbwluRtC
00xgd91dObnUZRu61M7ffp2WGZW9bbP5EPudS36+So1Pzk7Y+zmkXsF6
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBszCCAVqgAwIBAgIUe9A2ijmZwaFZSZdE/cmSOymz7nkwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOYWdlbmRhLmV4YW1wbGUwIBcNMjYxMTIzMjIxNjU5WhgPMjEy
NjEwMzAyMjE2NTlaMBkxFzAVBgNVBAMMDmFnZW5kYS5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAENdy6WA8x8yVq5Eaid0A79828JbkbQtNMYHfdXTm5
1GUbutTO336dlhmVvW2z+RD7nUt+vkqNT85O2Ps5pF7BeqN+MHwwHQYDVR0OBBYE
FAcsdIBfDiEXCSjQ8fsAXBKz+5GIMB8GA1UdIwQYMBaAFAcsdIBfDiEXCSjQ8fsA
XBKz+5GIMA8GA1UdEwEB/wQFMAMBAf8wKQYDVR0RBCIwIIIOYWdlbmRhLmV4YW1w
bGWCDmVsZGVycy5leGFtcGxlMAoGCCqGSM49BAMCA0cAMEQCIEqNlHEf9so3PoDf
8/5t1HYX+0u7d4Ng07I7wemD6u9DAiAGPQREBNFlL3lA4+y7YWsjbQabEusfkkuR
Oklk27kK+A==
-----END CERTIFICATE-----
"""

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class DiarySite:
    """``answers``: what stands at each path, or what writes the answer itself; ``asked``: each path and its headers."""

    port: int
    answers: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def door(self, *, is_open: Callable[[str], bool] = lambda _address: True, longest: float = 10) -> Door:
        """The way to this site, which no setting opens."""
        context = ssl.create_default_context(cadata=CERTIFICATE)
        return Door(lambda _host: ["127.0.0.1"], is_open, self.port, context, longest)


@contextmanager
def running(folder: Path) -> Iterator[DiarySite]:
    file = folder / "site.pem"
    file.write_text(KEY + CERTIFICATE, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    class Handler(BaseHTTPRequestHandler):
        """Answers as the test says."""

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers.items())))
            answer = site.answers.get(self.path, (404, {}, b""))
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_request: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        site = DiarySite(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
