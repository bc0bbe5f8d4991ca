"""What is written on the log of a house, and how two people who change the same thing find out."""

import hashlib
import json
from enum import StrEnum
from typing import Any


class Subject(StrEnum):
    """What can change about a house or its desk."""

    TEXT = "text"
    CAPACITY = "capacity"
    HOURS = "hours"
    FACILITIES = "facilities"
    RULE = "rule"
    CLOSURE = "closure"
    PROGRAMME = "programme"
    PROGRAMME_DAY = "programme_day"
    ROUTING = "routing"
    ROUTING_ORDER = "routing_order"
    TRUST = "trust"
    MEMBER = "member"
    HANDOVER = "handover"
    ADDRESS = "address"
    DUTY = "duty"
    QUIET = "quiet"
    DEADLINES = "deadlines"
    ADVICE = "advice"
    DIARY = "diary"
    DAILY = "daily"


class ChangedMeanwhile(Exception):
    """Somebody else changed it since it was looked at."""


def version_of(value: Any) -> str:
    """A short mark of what stands there: two that differ have different marks. ``value``: as JSON writes it."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def check_version(value: Any, version: str) -> None:
    """Raise ChangedMeanwhile unless what stands there is what somebody looked at."""
    if version_of(value) != version:
        raise ChangedMeanwhile
