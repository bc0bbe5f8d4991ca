"""Asking on behalf of somebody: how a request came to the desk, and how its asker can be reached."""

from enum import StrEnum


class CameBy(StrEnum):
    """How a request reached the desk that typed it in."""

    PHONE = "phone"
    DESK = "desk"
    PAPER = "paper"


class NotReachable(Exception):
    """No e-mail address, no telephone number, no postal address: nobody could tell the answer."""


def is_reachable(*, email: str, phone: str, postal_address: str) -> bool:
    """Is there one way at least to tell the asker the answer?"""
    return any(words.strip() for words in (email, phone, postal_address))
