"""A list that is laid the wrong way round costs no more to judge than one that isn't."""

import pytest

from qms.domain import events, recorder
from qms.domain.entries import parsed_copy
from qms.formats import cut, slots
from qms.testing import DocsRepo, Told

COPY = "copies/procedure/LX-CX-2026-01/A-1/007.yaml"
EVENTS = 40


def test_events_in_reverse_are_judged_once_each(
    repo: DocsRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pass found one: of a full file verify took half an hour, for ever."""
    repo.issue("LX-CX-2026-01", "007")
    for _ in range(EVENTS - 1):
        repo.recall("LX-CX-2026-01", "007")
    data = repo.read(COPY)
    listed = parsed_copy(data).events
    turned = slots.render_tail(slots.Tail("log", tuple(reversed(listed)), log=True))
    repo.write(COPY, cut.with_tail(data, turned))
    repo.commit("Attack")
    judged: list[int] = []
    honest = events.event_fault

    def counted(*given: object) -> object:
        judged.append(1)
        return honest(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(recorder, "event_fault", counted)

    assert repo.check(whole=True) == [Told("LOG-REWRITTEN", COPY)]
    assert len(judged) < 4 * EVENTS
