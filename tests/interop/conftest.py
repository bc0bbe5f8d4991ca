"""The gate runs the three fastest readers; `make interop` sets INTEROP and runs all, with what else stands aside."""

import os


def pytest_collection_modifyitems(config, items):
    if os.environ.get("INTEROP"):
        return
    aside = [one for one in items if one.get_closest_marker("interop")]
    items[:] = [one for one in items if one not in aside]
    config.hook.pytest_deselected(items=aside)
