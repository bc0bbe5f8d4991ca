"""Addresses of the net as settings write them; each function raises ValueError with a sentence for who wrote it."""

import re
from urllib.parse import SplitResult, urlsplit


def split(words: str) -> SplitResult:
    if re.search(r"\s|[\x00-\x1f]", words):
        raise ValueError("has a space or a control character in it.")
    try:
        address = urlsplit(words)
        _ = address.port  # A wrong port is told only to those who ask for it.
    except ValueError as error:
        raise ValueError(f"is not an address ({error}).") from error
    return address


def public_url(words: str) -> str:
    """Return the address without a slash at its end: letters and feeds put their paths behind it."""
    address = split(words)
    extra = address.path.strip("/") or address.query or address.fragment or "@" in address.netloc
    if address.scheme not in {"http", "https"} or not address.hostname or extra:
        raise ValueError(f"{words[:80]!r} is not of the form https://zalen.example.org: scheme, host and no path.")
    if re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", address.hostname) is None:
        raise ValueError(f"{address.hostname[:80]!r} is not the name of a host; write other alphabets as xn--….")
    return f"{address.scheme}://{address.netloc.lower()}"


def tiles(words: str) -> str:
    address = split(words)
    if address.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", address.netloc):
        raise ValueError(f"{words[:80]!r} is not an http(s) address of one host.")
    if missing := [part for part in ("{z}", "{x}", "{y}") if part not in words]:
        raise ValueError(f"lacks {' and '.join(missing)}, which stand for the part of the map that is asked for.")
    return words


def hosts(words: str) -> frozenset[str]:
    found = frozenset(one.strip().lower() for one in words.split(",") if one.strip())
    for host in sorted(found):
        # A name with a dot and a letter at its end: no address in figures, no machine of the own network.
        if re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", host) is None:
            raise ValueError(
                f"{host[:60]!r} is not the name of a host such as outlook.office365.com; no *, no figures."
            )
    return found
