"""Who signs manifests of printed files (rules.md i): machines and people, each in one namespace."""

from dataclasses import replace

import pytest

from qms.domain.kinds.policy import FIDO, Policy, Publisher
from qms.domain.kinds.press import read_manifest
from qms.findings import Refused
from qms.formats.digests import sha256
from qms.formats.print_manifest import NAMESPACE, PrintedFile, PrintManifest
from qms.formats.print_names import has_form, print_name
from qms.formats.sshsig import armour
from qms.testing import DocsRepo
from qms.testing.keys import SecurityKey, SigningKey, key

REPO = sha256(b"repo")
PRESS = key("press")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Li Si's key and that of a machine may sign; no touch is asked for."""
    found = DocsRepo.make(tmp_path_factory.mktemp("docs") / "docs").policy_file.policy
    return replace(found, publishers=(Publisher(PRESS.public, "printer"),))


def signed(by: SigningKey, *, repo: str = REPO, namespace: str = NAMESPACE) -> tuple[bytes, str]:
    name = print_name("procedure", "LX-CX-01", "A/0", "uncontrolled", None)
    row = PrintedFile(
        file=name, digest=sha256(b"pdf"), class_id="procedure", number="LX-CX-01", revision="A/0",
        content=sha256(b"text"), mark="uncontrolled", copy=None, statement=sha256(b"filed"),
        pages=3,
    )  # fmt: skip
    data = PrintManifest(
        repo=repo, policy=sha256(b"policy"), commit="sha1:" + "0" * 40, tool="qms 0.1.0",
        plugins=(), made="2026-11-23T14:36:00+08:00", key=by.public.fingerprint, files=(row,),
    ).message()  # fmt: skip
    return data, armour(by.sign(data, namespace))


def code(policy: Policy, data: bytes, armoured: str | None) -> str:
    try:
        read_manifest(data, armoured, repo=REPO, policy=policy)
    except Refused as refusal:
        return refusal.finding.code
    return "ok"


def with_keys(policy: Policy, person: str, public: SigningKey, **more: object) -> Policy:
    """A policy in which a person has one key only."""
    held = policy.persons[person]
    row = held.keys[0]._replace(public=public.public, **more)  # type: ignore[arg-type]
    return replace(policy, persons={**policy.persons, person: held._replace(keys=(row,))})


def test_a_machine_and_a_person_sign(policy: Policy) -> None:
    for by in (PRESS, key("li.si")):
        assert code(policy, *signed(by)) == "ok"


def test_nobody_else_does(policy: Policy) -> None:
    assert code(policy, *signed(key("stranger"))) == "PUBLISHER"
    void = with_keys(policy, "li.si", key("li.si"), void=True)
    assert code(void, *signed(key("li.si"))) == "PUBLISHER"


def test_touch_and_pin_are_asked_of_people_where_the_policy_does(policy: Policy) -> None:
    device, untouched = key("li.si/sk"), SecurityKey("li.si/sk", flags=1)
    strict = replace(
        with_keys(policy, "li.si", device), floors=policy.floors._replace(assurance=FIDO)
    )
    asked = with_keys(policy, "li.si", device, assurance=FIDO)
    for one in (strict, asked):
        assert code(one, *signed(device)) == "ok"
        assert code(one, *signed(untouched)) == "PUBLISHER"
        assert code(one, *signed(PRESS)) == "ok", "a machine has nobody to touch anything"


def test_a_manifest_of_another_company_is_none_here(policy: Policy) -> None:
    assert code(policy, *signed(PRESS, repo=sha256(b"theirs"))) == "MANIFEST-FOREIGN"


def test_a_signature_made_for_something_else_is_none_here(policy: Policy) -> None:
    assert code(policy, *signed(PRESS, namespace="qms-approve-v1")) == "NAMESPACE"


def test_what_nobody_signed_is_not_even_read(policy: Policy) -> None:
    """A bomb of 60 MB in the output folder costs its digest."""
    data, armoured = signed(key("stranger"))
    bomb = b'{"commit":[' + b"1," * (30 << 20) + b"1]}\n"
    assert code(policy, bomb, armoured) == "SIGNATURE"
    assert code(policy, data, armoured) == "PUBLISHER"


def test_without_its_signature_it_proves_nothing(policy: Policy) -> None:
    data, armoured = signed(PRESS)
    assert code(policy, data, None) == "MANIFEST-UNSIGNED"
    unsigned = data.replace(f'"key":"{PRESS.public.fingerprint}"'.encode(), b'"key":null')
    assert code(policy, unsigned, None) == "MANIFEST-UNSIGNED"
    by_press = armour(PRESS.sign(unsigned, NAMESPACE))
    assert code(policy, unsigned, by_press) == "MANIFEST-UNSIGNED"
    assert code(policy, unsigned, armoured) == "SIGNATURE"
    assert code(policy, data.replace(b'"pages":3', b'"pages":4'), armoured) == "SIGNATURE"


NAMES = {
    "form/LX-R-01_A-0_controlled-003.pdf": ("form", "LX-R-01", "A/0", "controlled", "003"),
    "form/CEE+QP%2001_B-2_draft.pdf": ("form", "CEE/QP 01", "B/2", "draft", None),
    "form/A%5FB_C_draft.pdf": ("form", "A_B", "C", "draft", None),
    "form/A_B%5FC_draft.pdf": ("form", "A", "B_C", "draft", None),
    "制度/甲-1_第A版_obsolete-1%2F2.pdf": ("制度", "甲-1", "第A版", "obsolete", "1/2"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_follows_from_what_the_file_is(name: str) -> None:
    assert print_name(*NAMES[name]) == name
    assert has_form(name)


@pytest.mark.parametrize(
    ("class_id", "number", "revision", "mark", "copy"),
    [
        ("..", "1", "A", "draft", None), ("form", "../x", "A", "draft", None),
        ("form", "1", "..", "draft", None), ("form", "1", "A", "../x", None),
        ("form", "1", "A", "draft", ".."), ("form", "1", "A", "draft", "CON"),
        ("form", "1" * 150, "A" * 150, "draft", None), ("", "1", "A", "draft", None),
    ],
)  # fmt: skip
def test_no_name_leaves_its_folder(
    class_id: str, number: str, revision: str, mark: str, copy: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        print_name(class_id, number, revision, mark, copy)
    assert caught.value.finding.code == "BAD-NAME"


@pytest.mark.parametrize(
    "path",
    ["../home.txt", "a/../b_c_d.pdf", "/a_b_c.pdf", "a/b/c_d_e.pdf", "a/.b_c_d.pdf", "a/b.pdf"],
)
def test_what_has_no_form_is_nobodys(path: str) -> None:
    assert not has_form(path)
