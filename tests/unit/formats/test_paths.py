"""One number has one path and one path one number."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qms.findings import Place, QmsError, Refused
from qms.formats import paths
from qms.formats.names import (
    decode_part,
    encode_part,
    fold,
    number_path,
    part_revision,
    path_number,
    revision_part,
)
from qms.formats.paths import (
    Governed,
    PathPattern,
    acts_path,
    asset_path,
    copy_path,
    document_path,
    parse_path,
    policy_folder,
    released_path,
)

CORPUS = Path(__file__).parent / "corpus"
HEX = "0123456789abcdef"


def corpus(name: str) -> list[str]:
    lines = (CORPUS / name).read_text(encoding="utf-8").split("\n")
    return [
        re.sub("<([0-9A-F]{4})>", lambda match: chr(int(match[1], 16)), line)
        for line in lines
        if line and not line.startswith("# ")
    ]


def answer(codec: Callable[[str], str], text: str) -> str | None:
    try:
        return codec(text)
    except QmsError as error:
        if error.finding.code != "BAD-NAME":
            raise
        return None


def naming(text: str) -> str | None:
    return answer(number_path, text)


trade = st.text(alphabet="AZaz09.-_/ *%~:（）发文質", min_size=1, max_size=12)
names = st.text(max_size=12) | trade
numbers = names.filter(lambda text: naming(text) is not None)
classes = st.sampled_from(["procedure", "form", "手册", "work-instruction"])
revisions = st.from_regex(r"[A-Z]/[0-9]{1,3}|[A-Z]-[0-9]|V[0-9]\.[0-9]|第[0-9]版", fullmatch=True)
copies = st.from_regex(r"[0-9]{3}|A[0-9]{2}|A/[0-9]", fullmatch=True)


@pytest.mark.parametrize("row", corpus("paths.txt"))
def test_numbers_of_real_handbooks_have_a_path_and_back(row: str) -> None:
    number, path = row.split(" | ")

    assert number_path(number) == path
    assert path_number(path) == number


@pytest.mark.parametrize("number", corpus("bad_names.txt"))
def test_names_that_some_file_system_would_bend_are_refused(number: str) -> None:
    with pytest.raises(Refused) as caught:
        number_path(number)

    assert caught.value.finding.code == "BAD-NAME"


@pytest.mark.parametrize("path", corpus("twins.txt"))
def test_a_second_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(Refused) as caught:
        path_number(path)

    assert caught.value.finding.code == "BAD-NAME"


def test_an_empty_or_endless_name_is_refused() -> None:
    for text in ("", "A" * 201, "号" * 67):
        with pytest.raises(Refused):
            encode_part(text)
        with pytest.raises(Refused):
            revision_part(text)
    with pytest.raises(Refused):
        revision_part("A" + "-" * 99 + "B")


@pytest.mark.parametrize(
    ("revision", "part"),
    [("A/1", "A-1"), ("A-1", "A%2D1"), ("A/1-2", "A-1%2D2"), ("1.0", "1.0"), ("第1版", "第1版")],
)
def test_a_revision_is_one_part(revision: str, part: str) -> None:
    assert revision_part(revision) == part
    assert part_revision(part) == revision


@pytest.mark.parametrize(
    "revision", ["", "/", "A/", "/A", "A//1", "-", "A/-1", "..", "CON", "nul", "A.md", "A/.", "A\n"]
)
def test_a_revision_that_can_be_no_name_is_refused(revision: str) -> None:
    with pytest.raises(Refused) as caught:
        revision_part(revision)

    assert caught.value.finding.code == "BAD-NAME"


@pytest.mark.parametrize("part", ["A-", "-1", "%41-1", "A%2d1", "A~1", "A%2F1", "%FF", "A/1", ""])
def test_a_second_spelling_of_a_revision_is_refused(part: str) -> None:
    with pytest.raises(Refused):
        part_revision(part)


def test_the_places_of_the_register() -> None:
    digest = HEX * 4

    assert document_path("procedure", "CEE/QP-01") == "documents/procedure/CEE/QP-01.md"
    assert released_path("form", "QR1", "A/1") == "released/form/QR1/A-1.md"
    assert released_path("form", "QR1", "A/1", HEX) == f"released/form/QR1/A-1~{HEX}.md"
    acts = acts_path("form", "QR1", "A/1", f"sha256:{'1' * 64}")
    assert acts == "released/form/QR1/A-1~1111111111111111.acts.yaml"
    assert copy_path("form", "QR1", "A/1", "003") == "copies/form/QR1/A-1/003.yaml"
    assert copy_path("form", "QR1", "A/1", "A/02") == "copies/form/QR1/A-1/A%2F02.yaml"
    assert policy_folder(7) == "policy/0007"
    assert policy_folder(12345) == "policy/12345"
    assert policy_folder(9, HEX) == f"policy/0009~{HEX}"
    assert asset_path(f"sha256:{digest}") == f"released/assets/{digest}"


@pytest.mark.parametrize("class_id", ["assets", "Assets", "ＡＳＳＥＴＳ", "", "..", "-x", "a.md"])
def test_some_words_are_no_class(class_id: str) -> None:
    with pytest.raises(Refused):
        document_path(class_id, "A")


def test_other_spellings_of_versions_and_digests_are_refused() -> None:
    for version, contested in ((0, ""), (-1, ""), (10**9, ""), (1, "x"), (1, HEX.upper())):
        with pytest.raises(Refused):
            policy_folder(version, contested)
    for digest in ("", "sha256:", HEX * 4, f"sha256:{HEX.upper() * 4}", f"sha256:{HEX * 4}0"):
        with pytest.raises(Refused):
            asset_path(digest)


@pytest.mark.parametrize(
    "path",
    [
        "documents",
        "documents/QR1.md",
        "documents/form/QR1.txt",
        "documents/form/QR1.MD",
        "documents/form/.gitattributes",
        "documents/assets/QR1.md",
        "documents/form/A.md/B.md",
        "documents//QR1.md",
        "documents/form/%41.md",
        "documents/form/con.md",
        "documents/form/QR1.md/",
        "Documents/form/QR1.md",
        "ｄocuments/form/QR1.md",
        "released/form/QR1.md",
        "released/form/QR1/A-1~0123.md",
        "released/form/QR1/A-1.acts.yaml",
        "released/form/QR1/A-1~0123456789abcde.acts.yaml",
        "released/form/rejects.yaml",
        "released/form/QR1~0123456789abcdef/rejects.yaml",
        "released/form/QR1/rejects~0123456789abcdef.yaml",
        "copies/form/QR1~0123456789abcdef/A-1/003.yaml",
        "copies/form/QR1/A-1/003~0123456789abcdef.yaml",
        "copies/form/QR1/A-1~0123456789abcdef/003.yaml",
        "acks/form/QR1.yaml",
        "delegations/li.si.yaml",
        "enrolments/li.si/key.pub",
        "plans/form/QR1/A-1.yaml",
        "Plans/x",
        "released/form/QR1/A-1~0123456789abcdef~0123456789abcdef.md",
        "released/form/QR1/A-1.yaml",
        "released/form/QR1/.acts.yaml",
        "released/form/assets",
        "released/assets/A.png",
        "released/assets/A/B/A-1.md",
        "copies/form/QR1/003.yaml",
        "copies/form/QR1/A-1/003.md",
        "policy/0000/policy.yaml",
        "policy/7/policy.yaml",
        "policy/00012/policy.yaml",
        "policy/0007/look.yaml",
        "policy/0007/sub/policy.yaml",
        "policy/policy.yaml",
        "policy/0007~xyz/policy.yaml",
        "records/LX-R-01/2026/001.md",
        "external/ISO/9001.md",
    ],
)
def test_any_other_file_in_a_governed_folder_is_stray(path: str) -> None:
    governed = parse_path(path)

    assert governed.kind is None
    assert governed.stray is not None
    assert (governed.stray.code, governed.stray.place) == ("STRAY", Place(path=path))


@pytest.mark.parametrize(
    "path",
    ["qms.yaml", "policy.yaml", "assets/flow.svg", "README.md", "documents.md", ".gitignore"],
)
def test_the_rest_is_free_ground(path: str) -> None:
    assert parse_path(path) == Governed(path=path)


def contested_as(filed: Governed, kind: str, path: str) -> Governed:
    return filed._replace(path=path, kind=kind, contested=HEX)


@given(classes, numbers, revisions, copies)
def test_what_a_path_is_made_of_can_be_read_from_it(
    class_id: str, number: str, revision: str, copy: str
) -> None:
    document = document_path(class_id, number)
    released = released_path(class_id, number, revision)
    contested = released_path(class_id, number, revision, HEX)
    acts = acts_path(class_id, number, revision, f"sha256:{'0' * 64}")
    one = copy_path(class_id, number, revision, copy)
    rejects = paths.REJECTS_FORM.path(class_id, number)

    base = Governed(path=document, kind="document", class_id=class_id, number=number)
    filed = base._replace(path=released, kind="released", revision=revision)
    assert parse_path(document) == base
    assert parse_path(released) == filed
    assert parse_path(contested) == filed._replace(path=contested, contested=HEX)
    assert parse_path(acts) == filed._replace(path=acts, kind="acts", contested="0" * 16)
    assert parse_path(one) == filed._replace(path=one, kind="copy", copy=copy)
    assert parse_path(rejects) == base._replace(path=rejects, kind="rejects")


@given(st.integers(1, 10**9 - 1), st.sampled_from(paths.POLICY_FILES))
def test_policies_and_assets_too(version: int, file: str) -> None:
    path = f"{policy_folder(version)}/{file}"
    digest = f"sha256:{version:064x}"
    asset = asset_path(digest)

    assert parse_path(path) == Governed(path=path, kind="policy", version=version, file=file)
    assert parse_path(asset) == Governed(path=asset, kind="asset", digest=digest)


@given(names)
def test_a_name_has_no_other_path_and_no_normal_form_changes_it(text: str) -> None:
    path = naming(text)
    assume(path is not None)
    assert path is not None

    assert path_number(path) == text
    assert unicodedata.normalize("NFC", path) == path
    assert re.search(r'[\\:*?"<>|\x00-\x1f]', path) is None


@given(names, names)
def test_two_numbers_never_share_a_path(one: str, other: str) -> None:
    assume(one != other)
    path = naming(one)

    assert path is None or path != naming(other)


@given(names)
def test_any_path_gives_a_value_or_a_refusal(text: str) -> None:
    for decode, encode in (
        (decode_part, encode_part),
        (path_number, number_path),
        (part_revision, revision_part),
    ):
        plain = answer(decode, text)
        assert plain is None or encode(plain) == text
    for folder in ("", *(f"{top}/" for top in paths.GOVERNED)):
        governed = parse_path(f"{folder}{text}")
        assert (governed.kind is None) or governed.stray is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("documents/form/QR1.md", "documents/form/qr1.md"),
        (document_path("form", "QR1"), document_path("form", "ＱＲ１")),
        (document_path("form", "QR-1"), document_path("form", "QR‑1")),
        (document_path("form", "QR-1"), document_path("form", "QR–1")),
        (document_path("form", "が"), document_path("form", "か\u3099")),
        (document_path("form", "\uf900"), document_path("form", "\u8c48")),
        ("Straße", "STRASSE"),
    ],
)
def test_twins_share_a_key(one: str, other: str) -> None:
    assert one != other
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (released_path("form", "A", "A/1"), released_path("form", "A", "A-1")),
        (copy_path("form", "A", "1", "B/2"), "copies/form/A/1/B/2.yaml"),
        ("A", "B"),
        ("%FF", "%FE"),
    ],
)
def test_others_do_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("form", "known", "folders"),
    [
        ("documents/{class}/{number}.md", {"number": "LX-01"}, (None,)),
        ("documents/{class}/{number}.md", {"number": "CEE/QP-01"}, (None, "CEE")),
        ("released/{class}/{number}/{revision}.md", {"number": "LX-01"}, (None, "LX-01")),
        (
            "copies/{class}/{number}/{revision}/{copy}.yaml",
            {"number": "LX-01", "revision": "A/1"},
            (None, "LX-01", "A-1"),
        ),
        ("copies/{class}/{number}/{revision}/{copy}.yaml", {"number": "X"}, (None, "X", None)),
        ("records/filled/{form}/{year}/{number}.md", {"number": "R-1"}, (None, None)),
        ("external/drawings/{number}/{edition}.md", {"number": "TZ-07"}, ("TZ-07",)),
    ],
)
def test_a_form_tells_the_folders_of_what_is_known(
    form: str, known: dict[str, str], folders: tuple[str | None, ...]
) -> None:
    assert PathPattern.of(form).folders(known) == folders


def test_what_lies_in_a_folder_of_its_own_name_has_that_too() -> None:
    assert paths.REJECTS_FORM.folders({"number": "LX-01"}) == (None, "LX-01")


@given(number=numbers, year=st.from_regex(r"[1-9][0-9]{3}", fullmatch=True))
def test_a_file_lies_in_the_folders_that_its_form_tells(number: str, year: str) -> None:
    form = PathPattern.of("records/filled/{form}/{year}/{number}.yaml")
    path = answer(lambda one: form.path("assets", year, one), number)
    assume(path is not None)
    assert path is not None

    parts = form.folders({"number": number})

    above = path.rpartition("/")[0].removeprefix(f"{form.folder}/")
    told = "/".join("[^/]+" if one is None else re.escape(one) for one in parts)
    assert re.fullmatch(told, above)


def test_a_form_may_name_person_year_form_and_edition() -> None:
    form = PathPattern.of("records/acks/{form}/{year}/{person}/{number}/{edition}.yaml")
    values = ("LX/R-01", "2026", "zhang.san", "LX-R-01/7", "A/1")

    path = form.path(*values)

    assert path == "records/acks/LX%2FR-01/2026/zhang.san/LX-R-01/7/A-1.yaml"
    assert tuple(form.read(path).values()) == values
