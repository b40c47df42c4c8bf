"""Kinds are disjoint, states read items, an index is built once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.kinds.brought import growing
from qms.domain.kinds.kind import Kind, Kinds, Law
from qms.domain.kinds.log import log_head, parse_log, render_head
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.verdict.state import NUMBERS, Index, Item, State
from qms.findings import Finding, QmsError, Refused
from qms.formats.characters import FORBIDDEN
from qms.formats.schema import (
    Field,
    anything,
    boolean,
    day,
    integer,
    list_of,
    mapping_of,
    one_of,
    record,
    text,
    union,
)
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.plugins import Hooks
from qms.storage.repository import Repository
from qms.testing import DocsRepo

SHEET = "LX-WI-01"


@pytest.fixture
def repo(tmp_path: Path) -> DocsRepo:
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    return repo


@contextmanager
def state_of(repo: DocsRepo) -> Iterator[State]:
    """The state at the newest commit."""
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        tree = repository.tree(repo.tip)
        register = Register((TreeSource(judge, tree),))
        newest = register.newest_policy
        assert newest is not None
        yield State(tree=tree, kinds=repo.hooks.kinds, register=register, policy=newest.policy)


@pytest.mark.parametrize(
    "form",
    [
        "gauges/{class}/{number}.yaml",
        "records/{number}.yaml",
        "records/gauges/{class}.yaml",
        "copies/gauges/{number}.yaml",
    ],
)
def test_a_kind_of_a_plugin_has_a_folder_of_its_own_and_a_number(form: str) -> None:
    with pytest.raises(Refused) as refused:
        growing("gauge", form)

    assert refused.value.finding.code == "KIND-FORM"


@pytest.mark.parametrize(
    "form",
    ["records/gauges/{number}", "records/{number}/{number}.yaml", "records/a/{colour}/{number}.md",
     "records/a/x{number}.yaml"],
)  # fmt: skip
def test_a_form_names_whole_parts_of_a_path_once(form: str) -> None:
    with pytest.raises(Refused) as refused:
        growing("gauge", form)

    assert refused.value.finding.code == "BAD-NAME"


@pytest.mark.parametrize("key", ["class", "assets"])
def test_a_key_that_the_path_or_the_core_has_is_no_further_key(key: str) -> None:
    """Attack: a release that keeps no pictures reads what one that kept them has filed."""
    with pytest.raises(Refused) as refused:
        growing("gauge", "records/gauges/{number}.yaml", Field(key, text()))

    assert refused.value.finding.code == "KIND-FORM"


def with_field(field: Field[object]) -> Kind:
    return growing("gauge", "records/gauges/{number}.yaml", field)


@pytest.mark.parametrize(
    "field",
    [
        Field("note", text(lines=True)),
        Field("notes", list_of(text(lines=True))),
        Field("note", anything()),
        Field("notes", mapping_of(text())),
        Field("limit", union(integer(), text())),
        Field("unit", text(), default="mm"),
        Field("range", record(Field("unit", text(), default="mm"))),
        Field("range", record(Field("low", integer()), extra=text())),
    ],
    ids=lambda field: field.name,
)
def test_a_key_of_a_head_has_one_spelling(field: Field[object]) -> None:
    with pytest.raises(Refused) as refused:
        with_field(field)

    assert refused.value.finding.code == "KIND-FORM"


RANGE = record(Field("low", integer()), Field("unit", text()), Field("high", integer()))
FULL = growing(
    "gauge",
    "records/gauges/{class}/{number}.yaml",
    Field("ranges", list_of(RANGE)),
    Field("bought", day()),
    Field("state", one_of("new", "used")),
    Field("owned", boolean()),
    Field("places", list_of(text())),
    Field("note", text(), required=False),
)
HEAD = """number: "G-07"
class: "caliper"
ranges: [{low: 0, unit: "mm", high: 150}, {low: 0, unit: "\\"", high: 6}]
bought: "2026-12-01"
state: "new"
owned: true
places: ["一车间", "a, [b]: #c"]
"""
TAIL = "status: log\nevents: []\n"


def spelling_fault(head: str) -> tuple[str, int]:
    try:
        FULL.parse((head + TAIL).encode())
    except Refused as refused:
        return refused.finding.code, refused.finding.place.line
    return "", 0


def test_a_head_is_read_in_its_one_spelling() -> None:
    assert spelling_fault(HEAD) == ("", 0)
    assert spelling_fault(HEAD + 'note: "x"\n') == ("", 0)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"G-07"', "G-07", 1),
        ('"G-07"', "'G-07'", 1),
        ('"G-07"', '"G\\x2d07"', 1),
        ('"G-07"', '"G-07" ', 1),
        ('"G-07"', '"G-07" # ours', 1),
        ('"G-07"', "|-\n  G-07", 1),
        ('"caliper"', '"caliper"\n', 3),
        ("low: 0, unit: ", "unit: ", 0),
        ('low: 0, unit: "mm"', 'unit: "mm", low: 0', 3),
        ("[{low", "[ {low", 3),
        ("150}, ", "150},", 3),
        ("ranges: [{", "ranges:\n  - {", 0),
        ('"2026-12-01"', "2026-12-01", 4),
        ('"new"', "new", 5),
        ("places: [", "places:  [", 7),
        ('"一车间"', '"\\u4e00车间"', 7),
    ],
)
def test_a_head_in_another_spelling_is_none(old: str, new: str, line: int) -> None:
    """X21"""
    changed = HEAD.replace(old, new, 1)
    assert changed != HEAD

    code, at = spelling_fault(changed)

    assert code == "HEAD-SPELLING" if line else code
    assert at == line or not line


def test_a_head_whose_keys_stand_in_another_order_is_none() -> None:
    lines = HEAD.splitlines(keepends=True)

    assert spelling_fault("".join((lines[1], lines[0], *lines[2:]))) == ("HEAD-SPELLING", 1)
    assert spelling_fault("".join((*lines[:5], lines[6], lines[5]))) == ("HEAD-SPELLING", 6)
    assert spelling_fault(HEAD.replace("owned", 'note: "x"\nowned')) == ("HEAD-SPELLING", 6)


@given(st.text(min_size=1, max_size=40).filter(lambda one: FORBIDDEN.search(one) is None))
def test_any_text_of_a_head_is_read_back(value: str) -> None:
    head = log_head(("number",), Field("note", text()))

    data = render_head(head, {"number": "G-07", "note": value})
    log = parse_log(data + TAIL.encode(), "gauge", head)

    assert log.head is not None
    assert log.head.text("note") == value


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("gauge", "records/other/{number}.yaml"),
        ("copy", "records/other/{number}.yaml"),
        ("policy", "records/other/{number}.yaml"),
        ("tool", "records/gauges/{number}.yaml"),
        ("tool", "records/gauges/tools/{number}.yaml"),
    ],
)
def test_no_path_has_two_kinds(name: str, form: str) -> None:
    gauge = growing("gauge", "records/gauges/{class}/{number}.yaml")

    with pytest.raises(Refused) as refused:
        Kinds((gauge, growing(name, form)))

    assert refused.value.finding.code == "KIND-TWICE"


def test_a_kind_reads_its_paths_and_no_others() -> None:
    kinds = Kinds((growing("gauge", "records/gauges/{class}/{number}.yaml"),))

    there = kinds.at("records/gauges/caliper/A/G-07.yaml")

    assert (there.kind, there.class_id, there.number) == ("gauge", "caliper", "A/G-07")
    assert there.about == "gauge A/G-07"
    assert kinds.lists["gauge"].form.path("caliper", "A/G-07") == there.path
    for path in ("records/gauges/G-07.yaml", "records/gauges/caliper/G-07.md", "records/x.yaml"):
        assert kinds.at(path).stray is not None


CASE = growing("case", "records/cases/{form}/{year}/{number}.yaml")
EDITION = growing("standard", "external/standards/{number}/{edition}.yaml")


@pytest.mark.parametrize(
    ("kind", "path", "head"),
    [
        (CASE, "records/cases/LX%2FR-01/2026/K-007.yaml",
         'number: "K-007"\nform: "LX/R-01"\nyear: "2026"\n'),
        (EDITION, "external/standards/GB/T 19001/2016.yaml".replace(" ", "%20"),
         'number: "GB/T 19001"\nedition: "2016"\n'),
    ],
)  # fmt: skip
def test_a_path_says_what_the_head_says(kind: Kind, path: str, head: str) -> None:
    value = kind.parse((head + TAIL).encode())

    assert kind.place(value) == path
    there = Kinds((kind,)).at(path)
    assert (there.kind, there.number) == (kind.name, value.number)
    assert there.revision == value.revision == ("2016" if kind is EDITION else "")
    assert not kind.is_of_revision


def test_a_year_is_one() -> None:
    kinds = Kinds((CASE,))

    for year in ("26", "02026", "0000", "２０２６"):
        assert kinds.at(f"records/cases/R-01/{year}/K-007.yaml").stray is not None
    with pytest.raises(Refused):
        CASE.parse(f'number: "K-007"\nform: "R-01"\nyear: "26"\n{TAIL}'.encode())


def test_a_revision_and_an_edition_are_not_both_named() -> None:
    with pytest.raises(Refused) as refused:
        growing("gauge", "records/gauges/{number}/{revision}/{edition}.yaml")

    assert refused.value.finding.code == "BAD-NAME"


def test_two_plugins_with_one_kind_are_named() -> None:
    hooks = Hooks(None)
    gauge = growing("gauge", "records/gauges/{number}.yaml")
    hooks.__dict__["brought"] = {"one": (gauge,), "two": (gauge,)}

    with pytest.raises(QmsError) as error:
        _ = hooks.kinds

    assert error.value.finding.code == "KIND-TWICE"


def test_a_state_is_a_tree_seen_as_items(repo: DocsRepo) -> None:
    repo.issue(SHEET, "001")

    with state_of(repo) as state:
        item = state.item("released/instruction/LX-WI-01/A-0.md")
        assert isinstance(item, Item)
        assert (item.at.kind, item.at.number, item.at.revision) == ("released", SHEET, "A/0")
        assert [at.copy for at in state.names("copy")] == ["001"]
        assert state.item("documents") is None
        assert state.item("qms.yaml") is None
        kinds = [state.kinds.get(name) for name in ("document", "released", "copy")]
        laws = [kind.law for kind in kinds if kind is not None]
        assert laws == [Law.FREE, Law.FIXED, Law.GROWS]


def test_a_file_that_cannot_be_read_is_an_item_too(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-WI-02.md", b"no head\n")
    repo.commit("Break it")

    with state_of(repo) as state:
        item = state.item("documents/instruction/LX-WI-02.md")

    assert item is not None
    assert isinstance(item.value, Finding)
    assert item.value.code == "CUT"


def test_an_index_is_built_once_for_a_state(repo: DocsRepo) -> None:
    """DC-02"""
    built: list[State] = []

    def count(state: State) -> int:
        built.append(state)
        return len(state.index(NUMBERS))

    index = Index("how-many", count)
    with state_of(repo) as state:
        assert [state.index(index), state.index(index)] == [1, 1]
        assert len(built) == 1
        paths = [use.path for use in state.index(NUMBERS)[SHEET]]

    assert paths == ["", "documents/instruction/LX-WI-01.md"]
