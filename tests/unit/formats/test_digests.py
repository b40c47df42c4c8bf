"""Digests, git ids, base64, times and days have one spelling each."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.findings import QmsError, Refused
from qms.formats import digests


def code(call: object, text: str) -> str:
    assert callable(call)
    with pytest.raises(Refused) as caught:
        call(text)
    return caught.value.finding.code


def test_a_digest_names_its_algorithm() -> None:
    empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert digests.sha256(b"") == empty
    assert digests.is_digest(empty)


@pytest.mark.parametrize(
    "text",
    ["", "sha256:", "sha256:" + "A" * 64, "sha256:" + "a" * 63, "a" * 64, "sha1:" + "a" * 40],
)
def test_another_spelling_of_a_digest_is_refused(text: str) -> None:
    assert not digests.is_digest(text)


@pytest.mark.parametrize(
    ("bare", "spelled"), [("a" * 40, "sha1:" + "a" * 40), ("b" * 64, "sha256:" + "b" * 64)]
)
def test_a_git_id_is_spelled_by_its_length(bare: str, spelled: str) -> None:
    assert digests.spelled_git_id(bare) == spelled
    assert digests.is_git_id(spelled)


@pytest.mark.parametrize(
    "text", ["", "a" * 40, "sha1:" + "a" * 64, "sha256:" + "a" * 40, "sha1:" + "g" * 40]
)
def test_another_spelling_of_a_git_id_is_refused(text: str) -> None:
    assert not digests.is_git_id(text)


def test_what_is_no_object_id_gets_no_spelling() -> None:
    assert code(digests.spelled_git_id, "HEAD") == "GIT-ID-FORM"


@given(st.binary())
def test_base64_is_read_back(data: bytes) -> None:
    assert digests.from_base64(digests.to_base64(data)) == data


@pytest.mark.parametrize(
    "text", ["QQ", "QQ=", "QR==", "QQ==\n", "Q Q==", "QQ==QQ==", "-_==", "é", "\ud800", "QQ==="]
)
def test_another_spelling_of_base64_is_refused(text: str) -> None:
    assert code(digests.from_base64, text) == "NOT-CANONICAL"


def test_a_time_is_an_instant() -> None:
    time = digests.parse_time("2026-11-23T00:36:00+08:00")

    assert time == datetime(2026, 11, 22, 16, 36, tzinfo=timezone(timedelta(0)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T14:36:00Z",
        "2026-11-23T14:36:00-00:00",
        "2026-11-23T14:36:00",
        "2026-11-23T14:36:60+08:00",
        "2026-11-23T24:00:00+08:00",
        "2026-11-23T14:36:00.5+08:00",
        "2026-11-23T14:36:00+0800",
        "2026-11-23T14:36:00+24:00",
        "2026-11-23 14:36:00+08:00",
        "2026-02-29T14:36:00+08:00",
        "0000-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-08:00",
        "0001-01-01T11:59:59+00:00",  # in the westernmost zone it is still the year before
        "9999-12-31T10:00:00+00:00",  # in the easternmost one it is the year after
        "2026-11-23T14:36:00-23:59",
        "2026-11-23T14:36:00+14:15",
        "2026-11-23T14:36:00-12:15",
        "2026-11-23T14:36:00+08:07",
        "２026-11-23T14:36:00+08:00",
        "2026-11-23T14:36:00+08:00\n",
        "",
    ],
)
def test_another_spelling_of_a_time_is_refused(text: str) -> None:
    assert code(digests.parse_time, text) == "TIME-FORM"


def test_a_day_is_read() -> None:
    assert digests.parse_day("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["2026-2-01", "2026-02-30", "20260201", "2026-W06-7", "0000-01-01", "2026-02-01 ", ""]
)
def test_another_spelling_of_a_day_is_refused(text: str) -> None:
    assert code(digests.parse_day, text) == "DAY-FORM"


@given(st.text())
def test_any_text_gives_a_value_or_a_refusal(text: str) -> None:
    for read in (digests.parse_time, digests.parse_day, digests.from_base64):
        try:
            read(text)
        except QmsError:
            continue


@given(st.datetimes(datetime(1901, 1, 1), datetime(2999, 1, 1)), st.integers(-48, 56))  # noqa: DTZ001
def test_a_time_is_read_back(naive: datetime, quarters: int) -> None:
    time = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))

    assert digests.parse_time(time.isoformat()).isoformat() == time.isoformat()
