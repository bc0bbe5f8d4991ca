"""A real browser for whoever wants to see the site as people do: the Chromium of this machine, speaking Dutch."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# It calls nobody by itself, and is let in where it runs as root without a sandbox.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=nl-BE",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a running Chromium, gone at the end."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing. On Debian and Ubuntu: apt install chromium chromium-l10n"
    with sync_playwright() as playwright:
        # LANGUAGE is what date and time fields go by; without the package chromium-l10n they stay American.
        environ = {**os.environ, "LANGUAGE": "nl_BE"}
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS), env=environ)
        try:
            yield browser
        finally:
            browser.close()
