"""The clock: real time in whole seconds, or the moment in a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zalenzoeker import clock


@pytest.fixture
def clock_file(tmp_path):
    path = tmp_path / "now"
    clock.set_file(path)
    yield path
    clock.set_file(None)


def test_now_without_a_file_is_the_real_moment_in_whole_seconds():
    before = datetime.now(UTC).replace(microsecond=0)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert (now.tzinfo, now.microsecond) == (UTC, 0)


@pytest.mark.parametrize(
    "words, moment",
    [
        ("2027-03-28T01:30:00+01:00", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("2027-03-28T03:30:00.75+02:00\n", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("  2028-02-29T12:00Z", datetime(2028, 2, 29, 12, 0, tzinfo=UTC)),
    ],
)
def test_now_with_a_file_is_its_moment(clock_file, words, moment):
    clock_file.write_text(words)
    assert clock.now() == moment
    assert clock.now().microsecond == 0


def test_now_with_a_file_follows_what_is_written_in_it(clock_file):
    moments = []
    for day in (1, 2, 3):
        clock_file.write_text(f"2027-01-0{day}T09:00:00Z")
        moments.append(clock.now().day)
    assert moments == [1, 2, 3]


CURE = "Write one moment in it, with its offset, for instance 2027-03-28T01:30:00+01:00."


@pytest.mark.parametrize(
    "content, complaint",
    [
        (b"", "holds '', which is not a moment"),
        (b"tomorrow", "holds 'tomorrow', which is not a moment"),
        (b"2027-02-30T10:00:00Z", "holds '2027-02-30T10:00:00Z', which is not a moment"),
        (b"2027-03-28T02:30:00", "holds '2027-03-28T02:30:00', a time without an offset"),
        (b"0001-01-01T00:00:00+05:00", "holds '0001-01-01T00:00:00+05:00', which is not a moment"),
        (
            b"\xff\xfe",
            "cannot be read ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte)",
        ),
    ],
)
def test_now_with_bad_content_names_the_file_and_the_cure(clock_file, content, complaint):
    clock_file.write_bytes(content)
    with pytest.raises(clock.ClockError) as raised:
        clock.now()
    assert str(raised.value) == f"The clock file {clock_file} {complaint}. {CURE}"


def test_now_without_the_named_file_names_it(clock_file: Path):
    with pytest.raises(clock.ClockError) as raised:
        clock.now()
    assert str(raised.value) == (
        f"The clock file {clock_file} cannot be read ([Errno 2] No such file or directory: '{clock_file}'). {CURE}"
    )
