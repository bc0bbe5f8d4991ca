"""Secrets that open a door by themselves: how they are made, and how they are kept."""

import hashlib
import secrets


def new_token() -> str:
    """128 bits drawn by lot, as they stand in an address."""
    return secrets.token_urlsafe(16)


def hash_of(secret: str) -> str:
    """How secrets are kept: hashed, so that a copy of the database opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
