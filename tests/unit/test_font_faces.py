import pytest

from qms.font_faces import FontFace
from qms.letters import our_fonts

SANS = "QmsSans-Regular"


def face() -> FontFace:
    found = FontFace.named(our_fonts()[f"{SANS}.otf"], SANS)
    assert found is not None
    return found


def test_a_face_is_found_by_its_name_alone() -> None:
    assert FontFace.named(our_fonts()[f"{SANS}.otf"], "Other") is None


def test_what_is_cut_does_not_depend_on_what_was_cut_before() -> None:
    whole = face()
    cut = whole.with_letters("Łőß")

    assert cut.glyph("ő") is not None
    assert cut.glyph("ů") is None
    assert cut.outlines() == whole.with_letters("Łőßů").with_letters("Łőß").outlines()
    assert len(cut.outlines()) < len(whole.outlines()) / 5


def test_what_is_no_font_cannot_be_cut() -> None:
    with pytest.raises(ValueError, match="can't be cut"):
        FontFace.of(b"no font").with_glyphs((1, 2))
