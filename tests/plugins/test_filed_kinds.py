"""A plugin's own kind of text: signed by its chain, filed, and kept by the law of the core.

Drawings with their editions stand for whatever a company signs as a whole that is no document.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.domain.kinds.kind import Kind, Kinds, Law
from qms.findings import Refused
from qms.formats.cut import cut_markdown, cut_yaml, with_tail
from qms.formats.digests import sha256, spelled_git_id
from qms.formats.paths import PathPattern, asset_path
from qms.formats.slots import Statement, Subject, Tail, Wording, in_order, render_tail
from qms.testing.keys import key
from qms.testing.office import Answer, Office
from qms.testing.outsiders import SIGNERS, admit, install, row, runner

RULES = '''\
"""Drawings: drawn by the technical department, checked by its head's superior."""
from pathlib import Path

from qms.api import Act, Chain, ChainStep, Field, Finding, Rule, Seat
from qms.api import filed, hookimpl, integer, on_each

SCALE = Field("scale", integer(1, 1000))


def chain(text, policy, days):
    drawers = [p for p in policy.persons.values() if p.department == "technical"]
    experts = policy.holders("expert", days[-1] if days else None)
    return Chain((
        ChainStep(1, "draw", 1, tuple(Seat(p.id, "preparer") for p in drawers)),
        ChainStep(2, "pass-drawing", 1, tuple(Seat(one, "expert") for one in sorted(experts))),
    ))


DRAWING = filed(
    "drawing", "external/drawings/{number}/{edition}.md", SCALE, chain=chain, pictures=True
)


def is_large(change, step):
    if change.after.facts[SCALE] > 100:
        yield Finding("DRAWING-SMALL", values={"number": change.after.number})


@hookimpl
def kinds():
    yield DRAWING


@hookimpl
def acts():
    yield Act(name="draw", kind="drawing", meaning="drawn")
    yield Act(name="pass-drawing", kind="drawing", meaning="passed")


@hookimpl
def rules(policy):
    yield Rule(name="drawings", codes=("DRAWING-SMALL",), judge=on_each("drawing", is_large))


@hookimpl
def codes():
    return Path(__file__).parent / "drawings_codes.toml"
'''
CODES = """\
[DRAWING-SMALL]
level = "warning"
en = "{number} is drawn very small"
zh = "{number} 比例过小"
mend_en = "draw it larger"
mend_zh = "请放大"
"""
NUMBER = "TZ-07"
PICTURE = b"<svg>shaft</svg>\n"
FILED_PICTURE = asset_path(sha256(PICTURE))
PATH = f"external/drawings/{NUMBER}/B.md"
DRAWER, EXPERT = "gong.yi", "fu.yi"
_MEANINGS = {"draw": "drawn", "pass-drawing": "passed"}
_CHAIN = (("draw", "1", "preparer", DRAWER), ("pass-drawing", "2", "expert", EXPERT))


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = install(
        tmp_path_factory.mktemp("drawings"), "acme-drawings", "1.0",
        {"qms.rules": "drawings = drawings_rules"}, drawings_rules=RULES,
    )  # fmt: skip
    (folder / "drawings_codes.toml").write_text(CODES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory, lx_founded: Office, drawings: Path) -> Office:
    """A company that has filed two drawings."""
    office = lx_founded.copy(tmp_path_factory.mktemp("filed"))
    admit(office, drawings, "drawings", *SIGNERS)
    for number in (NUMBER, "TZ-08"):
        file(office, signed(office, number=number), PATH.replace(NUMBER, number))
    return office


@pytest.fixture
def lx(filed: Office, tmp_path: Path) -> Office:
    return filed.copy(tmp_path)


@pytest.fixture
def qms(lx: Office, drawings: Path) -> Callable[..., Answer]:
    return runner(lx, drawings)


def policy_of(office: Office, version: int) -> str:
    return cut_yaml(office.text(f"policy/{version:04}/policy.yaml").encode()).content


def signed(  # noqa: PLR0913 - what a drawing says, and who signed it
    office: Office,
    *,
    number: str = NUMBER,
    body: str = "# 轴\n",
    scale: int = 10,
    chain: tuple[tuple[str, str, str, str], ...] = _CHAIN,
    status: str = "approved",
    pictures: tuple[str, ...] = (),
) -> bytes:
    """A drawing as its chain leaves it, signed one behind the other."""
    head = f'number: "{number}"\nedition: "B"\nscale: {scale}\n'
    rows = (f'  - {{path: "{one}", sha256: "{sha256(PICTURE)}"}}\n' for one in pictures)
    head += "".join(("assets:\n", *rows)) if pictures else ""
    empty = f"---\n{head}status: {status}\napprovals: []\n---\n{body}".encode()
    content = cut_markdown(empty).content
    newest = max(int(one.name) for one in (office.folder / "policy").iterdir())
    slots: list[Statement] = []
    for act, step, role, person in chain:
        office.later(minutes=7)
        name = re.search(
            rf"id: {re.escape(person)}, name: {{zh: (\S+?),", office.text("people.yaml")
        )
        assert name is not None
        wording = Wording(
            act=act, step=step, role=role, person=person,
            at=office.now.isoformat(timespec="seconds"),
            repo=policy_of(office, 1), policy=policy_of(office, newest),
            subject=Subject(kind="drawing", number=number, revision="B"), content=content,
            name=name[1], key=key(person).public.fingerprint, meaning=_MEANINGS[act],
            seen=spelled_git_id(office.git("rev-parse", "HEAD")),
            after=tuple(one.id for one in slots[-1:]),
        )  # fmt: skip
        slots.append(key(person).signed(wording))
    return with_tail(empty, render_tail(Tail(status, in_order(slots))))


def file(office: Office, data: bytes, path: str = PATH) -> None:
    office.write(path, data)
    office.git("add", "-A")
    office.git("commit", "-qm", "File a drawing")


def test_a_plugins_text_is_recorded_and_verified(qms: Callable[..., Answer]) -> None:
    assert qms("check", "--all").findings == ()
    verified = json.loads(qms("verify", "--json").out)
    assert verified["verdict"] == "fine"


def test_its_rule_looks_at_what_changed(lx: Office, qms: Callable[..., Answer]) -> None:
    lx.git("reset", "-q", "--hard", "HEAD~2")
    file(lx, signed(lx, scale=200))

    assert qms("verify").findings == ("DRAWING-SMALL",)


def remove_it(office: Office) -> None:
    (office.folder / PATH).unlink()


def edit_the_body(office: Office) -> None:
    office.edit(PATH, "# 轴", "# 孔")


def edit_a_fact(office: Office) -> None:
    office.edit(PATH, "scale: 10", "scale: 20")


def put_another_in_its_place(office: Office) -> None:
    """A whole chain again, over other words: what was filed first must stay."""
    office.write(PATH, signed(office, body="# 孔\n"))


def take_the_last_signature(office: Office) -> None:
    lines = office.text(PATH).splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if "pass-drawing" in line)
    office.write(PATH, "".join(lines[:at] + lines[at + 6 :]))


def take_all_signatures(office: Office) -> None:
    text = office.text(PATH)
    start, end = text.index("approvals:"), text.index("---\n# 轴")
    office.write(PATH, f"{text[:start]}approvals: []\n{text[end:]}")


def say_that_it_is_a_draft(office: Office) -> None:
    office.edit(PATH, "status: approved", "status: draft")


def turn_a_signature(office: Office) -> None:
    office.edit(PATH, '"meaning":"passed"', '"meaning":"drawn"')


def make_it_a_program(office: Office) -> None:
    (office.folder / PATH).chmod(0o755)


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (remove_it, "DOC-MISSING"),
        (edit_the_body, "DOC-CHANGED"),
        (edit_a_fact, "DOC-CHANGED"),
        (put_another_in_its_place, "TWIN-LOST"),
        (take_the_last_signature, "CHAIN-BROKEN"),
        (take_all_signatures, "DOC-UNAPPROVED"),
        (say_that_it_is_a_draft, "STATUS"),
        (turn_a_signature, "SIGNATURE"),
        (make_it_a_program, "BAD-MODE"),
    ],
)
def test_its_law_is_the_cores(
    lx: Office, qms: Callable[..., Answer], attack: Callable[[Office], None], code: str
) -> None:
    """Attack: a kind that says it is fixed, whose files then change or go."""
    attack(lx)

    assert qms("check").findings == (code,)
    clean = lx.git("rev-parse", "HEAD")
    lx.git("add", "-A")
    lx.git("commit", "-qm", "Attack")
    assert qms("check", "--step", clean, "HEAD").findings == (code,)
    verified = qms("verify")
    assert (verified.code, verified.findings) == (1, (code,))
    assert lx.git("rev-parse", "--short=10", "HEAD") in verified.out


def test_what_was_away_and_is_back_is_an_incident(lx: Office, qms: Callable[..., Answer]) -> None:
    lx.git("rm", "-q", PATH)
    lx.git("commit", "-qm", "Remove it")
    lx.git("revert", "--no-edit", "HEAD")

    assert qms("verify").findings == ("INCIDENT",)


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        (_CHAIN[:1], "NOT-APPROVED"),
        ((("draw", "1", "preparer", "ye.wu"), _CHAIN[1]), "ROLE"),
        ((_CHAIN[0], ("pass-drawing", "2", "expert", "gong.yi")), "ROLE"),
        ((("draw", "1", "preparer", EXPERT), _CHAIN[1]), "SELF-APPROVAL"),
        (_CHAIN[::-1], "CHAIN-ORDER"),
    ],
)
def test_what_its_chain_did_not_sign_is_not_filed(
    lx: Office,
    qms: Callable[..., Answer],
    chain: tuple[tuple[str, str, str, str], ...],
    code: str,
) -> None:
    """Attack: filed by less than the chain, by strangers, by one person, the wrong way round."""
    lx.git("reset", "-q", "--hard", "HEAD~2")
    lx.write(PATH, signed(lx, chain=chain))

    assert qms("check").findings == (code,)
    lx.git("add", "-A")
    lx.git("commit", "-qm", "Attack")
    assert qms("verify").findings == (code,)


def file_illustrated(office: Office) -> None:
    """A drawing with its picture, filed together."""
    office.git("reset", "-q", "--hard", "HEAD~2")
    office.write(FILED_PICTURE, PICTURE)
    file(office, signed(office, pictures=("assets/shaft.svg",)))


def test_its_pictures_are_filed_with_it(lx: Office, qms: Callable[..., Answer]) -> None:
    file_illustrated(lx)

    assert qms("check", "--all").findings == ()
    assert qms("verify").findings == ()


def take_the_picture(office: Office) -> None:
    (office.folder / FILED_PICTURE).unlink()


def draw_another_picture(office: Office) -> None:
    office.write(FILED_PICTURE, b"<svg>hole</svg>\n")


@pytest.mark.parametrize(
    ("attack", "code"),
    [(take_the_picture, "ASSET-MISSING"), (draw_another_picture, "ASSET-CHANGED")],
)
def test_its_pictures_are_under_its_law(
    lx: Office, qms: Callable[..., Answer], attack: Callable[[Office], None], code: str
) -> None:
    """Attack: the text of a plugin's kind stays, and what it shows goes or changes."""
    file_illustrated(lx)

    attack(lx)

    assert qms("check").findings == (code,)
    clean = lx.git("rev-parse", "HEAD")
    lx.git("add", "-A")
    lx.git("commit", "-qm", "Attack")
    assert qms("check", "--step", clean, "HEAD").findings == (code,)
    assert (qms("verify").code, qms("verify").findings) == (1, (code,))


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        (("assets/shaft.svg",), "ASSET-MISSING"),
        (("assets/shaft.svg", "assets/hole.svg"), "ASSET-ORDER"),
        (("drawings/shaft.svg",), "FIELD-FORM"),
    ],
)
def test_what_it_shows_must_be_there_and_in_order(
    lx: Office, qms: Callable[..., Answer], pictures: tuple[str, ...], code: str
) -> None:
    """Attack: signed with a picture that nobody filed, or that lies where none may."""
    lx.git("reset", "-q", "--hard", "HEAD~2")
    file(lx, signed(lx, pictures=pictures))

    assert qms("verify").findings == (code,)


def test_one_that_lies_elsewhere_than_its_head_says_is_told(
    lx: Office, qms: Callable[..., Answer]
) -> None:
    lx.write(PATH.replace("B.md", "C.md"), lx.text(PATH))

    assert qms("check").findings == ("MOVED-ENTRY",)


@pytest.fixture
def displaced(lx: Office) -> str:
    """Two branches filed one edition, and whoever merged them kept one; where the other was."""
    lx.git("checkout", "-q", "-b", "other", "HEAD~2")
    file(lx, signed(lx, body="# 孔\n"))
    lx.git("checkout", "-q", "main")
    lx.git("merge", "-q", "-s", "ours", "--no-edit", "other")
    return lx.git("rev-parse", "other")


def test_of_two_that_were_filed_for_one_place_both_are_kept(
    lx: Office, qms: Callable[..., Answer], displaced: str
) -> None:
    told = qms("verify")
    assert told.findings == ("TWIN-LOST",)

    command = re.search(r"`git show (\S+) > (\S+)`", told.out)

    assert command is not None
    assert command[1] == f"{displaced}~0:{PATH}"
    lx.write(command[2], f"{lx.git('show', command[1])}\n")
    lx.git("add", "-A")
    lx.git("commit", "-qm", "Lay it beside")
    assert qms("check", "--all").findings == ()
    assert qms("verify").findings == ("INCIDENT",)


def test_what_a_later_policy_had_not_seen_must_hold_under_it(
    lx: Office, qms: Callable[..., Answer]
) -> None:
    """Attack: filed on a branch by a key that a policy voids."""
    lx.git("reset", "-q", "--hard", "HEAD~2")
    lx.git("checkout", "-q", "-b", "work")
    file(lx, signed(lx))
    lx.git("checkout", "-q", "main")
    found = re.search(
        rf"- \{{id: {re.escape(EXPERT)},.*?keys: \[\{{([^}}]*)\}}\]", lx.text("people.yaml")
    )
    assert found is not None
    lx.edit("people.yaml", found[1], f"{found[1]}, void: true")
    for signer in SIGNERS:
        assert qms("policy", "sign", by=signer).code == 0
    lx.git("merge", "-q", "--no-edit", "work")

    told = qms("check", "--all")

    assert (told.code, told.findings) == (1, ("EVENT-OUTDATED",))
    assert "Fu Yi (pass-drawing)" in told.out


def test_who_tells_its_chain_may_look_at_nothing_else(
    lx: Office, drawings: Path, tmp_path: Path
) -> None:
    text = RULES.replace("    drawers = [", "    open('/etc/hostname')\n    drawers = [", 1)
    spying = install(
        tmp_path / "spying", "acme-drawings", "1.0",
        {"qms.rules": "drawings = drawings_rules"}, drawings_rules=text,
    )  # fmt: skip

    lx.edit("policy.yaml", row(lx, drawings, "drawings"), row(lx, spying, "drawings"))
    answer = runner(lx, spying)("policy", "sign", by=SIGNERS[0])

    assert (answer.code, answer.findings) == (3, ("RULE-IMPURE",))
    assert "drawing.chain" in answer.err


def test_a_kind_that_has_texts_cannot_be_switched_off(
    lx: Office, qms: Callable[..., Answer], drawings: Path
) -> None:
    lx.edit("policy.yaml", row(lx, drawings, "drawings"), "")

    assert qms("policy", "sign", by=SIGNERS[0]).findings == ("KIND-IN-USE",)


def test_nothing_else_may_have_its_number(lx: Office, qms: Callable[..., Answer]) -> None:
    head = f"number: {NUMBER}\ntitle: 轴\nclass: work-instruction\nrevision: A/0\n"
    more = "controlled: true\nowner: technical\nprepared_by: gong.yi\n"
    path = f"documents/work-instruction/{NUMBER}.md"
    lx.write(path, f"---\n{head}{more}status: draft\napprovals: []\n---\n# 轴\n")

    told = qms("check")

    assert "NUMBER-TAKEN" in told.findings
    assert PATH in told.out


def test_a_fixed_kind_without_a_chain_is_refused() -> None:
    """Attack: a kind says that it is fixed, and nothing could ever be recorded of it."""
    form = PathPattern.of("records/drawings/{number}.md")
    kind = Kind(name="drawing", law=Law.FIXED, form=form, parse=lambda _: 1 / 0)  # type: ignore[arg-type,return-value]

    with pytest.raises(Refused) as refused:
        Kinds((kind,))

    assert refused.value.finding.code == "KIND-FORM"
