"""The log of a house: what two editors compare."""

import pytest

from zalenzoeker.domain.changes import ChangedMeanwhile, check_version, version_of


def test_version_is_the_same_for_the_same_and_another_for_another():
    same = [version_of({"a": 1, "b": [2]}), version_of({"b": [2], "a": 1})]
    others = [version_of({"a": 1, "b": [3]}), version_of({"a": 1}), version_of(None)]
    assert (same[0] == same[1], len({*same, *others})) == (True, 4)


@pytest.mark.parametrize("version", ["", "verzonnen", version_of({"a": 2})])
def test_version_of_something_else_is_refused(version):
    check_version({"a": 1}, version_of({"a": 1}))
    with pytest.raises(ChangedMeanwhile):
        check_version({"a": 1}, version)
