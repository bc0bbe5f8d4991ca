"""How often feeds are fetched, counted for all processes of a machine."""

import subprocess
import sys
from datetime import timedelta

import pytest

from zalenzoeker.domain.limits import Limit
from zalenzoeker.gateways.feed_pace import FeedPace

NOW = 1_800_000_000.0
THREE = Limit(3, timedelta(minutes=1))
IN_ANOTHER_PROCESS = """
import sys
from datetime import timedelta
from pathlib import Path
from zalenzoeker.domain.limits import Limit
from zalenzoeker.gateways.feed_pace import FeedPace
pace = FeedPace(Path(sys.argv[1]))
print(*(pace.wait("192.0.2.1", 1_800_000_000.0, Limit(3, timedelta(minutes=1))) for _one in range(2)))
"""


def test_pace_counts_each_address_alone(tmp_path):
    pace = FeedPace(tmp_path)
    assert [pace.wait("192.0.2.1", NOW, THREE) for _one in range(4)] == [0, 0, 0, 20]
    assert [pace.wait("192.0.2.2", NOW, THREE), pace.wait("192.0.2.1", NOW + 20, THREE)] == [0, 0]


def test_pace_is_the_same_for_all_processes_of_a_machine(tmp_path):
    pace = FeedPace(tmp_path)
    assert [pace.wait("192.0.2.1", NOW, THREE) for _one in range(2)] == [0, 0]
    said = subprocess.run([sys.executable, "-c", IN_ANOTHER_PROCESS, tmp_path], capture_output=True, check=True)
    assert said.stdout.split() == [b"0", b"20"]


def test_pace_keeps_no_address(tmp_path):
    FeedPace(tmp_path).wait("192.0.2.1", NOW, THREE)
    assert [file.name for file in tmp_path.iterdir()] == ["pace"]
    assert b"192.0.2.1" not in (tmp_path / "pace").read_bytes()


@pytest.mark.parametrize("count", [20_000])
def test_pace_takes_no_more_room_for_many_addresses_and_keeps_none_of_them_out(tmp_path, count):
    pace = FeedPace(tmp_path)
    before = pace.wait("192.0.2.1", NOW, THREE)
    size = (tmp_path / "pace").stat().st_size
    assert {pace.wait(f"2001:db8::{one:x}", NOW, THREE) for one in range(count)} == {before}
    assert (tmp_path / "pace").stat().st_size == size
