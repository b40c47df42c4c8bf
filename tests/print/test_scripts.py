"""Indices in brackets, signs of notes behind powers and in cells, exponents of several factors."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("V~(20℃)~、ρ~(T)~，a~(t)~", "V(20℃)、ρ(T)，a(t)"),
        ("H~2~O~(l)~ + Fe~(s)~", "H2O(l)+Fe(s)"),
        ("V~（20℃）~的", "V（20℃）的"),
        ("kg/m²^a^、kg/m²^1)^、kg/m^2^^a^", "kg/m²a、kg/m²1)、kg/m2a"),
        ("E=mc^2^^1)^、kg/m^2^ ^a)^、kg/m^2^（^a)^）", "E=mc21)、kg/m2a)、kg/m2（a)）"),
        ("甲^①②^、甲^①,②^、甲^①^^②^、甲^【1】^、甲^〔1〕^", "甲①②、甲①,②、甲①②、甲【1】、甲〔1〕"),
        ("甲^△^、乙^※^，^△^ 甲", "甲△、乙※，△甲"),
        ("^*^ p<0.05; ^**^ p<0.01", "*p<0.05;**p<0.01"),
        ("e^(-k·t)^、e^-k·t^，10^x·y^、e^-(t-t0)/τ^", "e(-k·t)、e-k·t，10x·y、e-(t-t0)/τ"),
        ("|300|^a)^|\n|---|---|\n|^a^|^*^|\n|^注1)^|见 ^a)^|", "300a)a*注1)见a)"),
        (
            "《A~C》与《D~丁》，(A~C)(D~F)，(a)~(b)~(c)",
            "《A~C》与《D~丁》，(A~C)(D~F)，(a)~(b)~(c)",
        ),
        ("x^2 + y^2，a^2 与 b^2·c。", "x^2+y^2，a^2与b^2·c。"),
        ("m^2·s^-1、10^3·5^2、2^10×3^2", "m^2·s^-1、10^3·5^2、2^10×3^2"),
        ("p 在 20 °C，exp(-k·t)，e\\^(-k t)", "p在20°C，exp(-k·t)，e^(-kt)"),
    ],
)
def test_what_is_raised_or_lowered_is_printed_whole(
    press: "Press", told: "Told", text: str, paper: str
) -> None:
    assert told(text) == []
    assert press.read_back([text]) == [paper]


@pytest.mark.parametrize(
    "text",
    [
        "p~(20 °C)~", "C~a·b~", "U~L1–N~ 和 I~L1-L2~", "R~a＋b~", "K~{a}~", "S~[i]~",
        "T~环境：max~", "v~10_min~", "C~“a”~", "x~10–20~", "f~甲:a~，",
    ],
)  # fmt: skip
def test_tildes_around_what_is_not_lowered_are_refused(told: "Told", text: str) -> None:
    """They stood on the page, beside indices that were lowered."""
    assert told(text) == [("TILDES-LEFT", 1)]


@pytest.mark.parametrize(
    "text",
    ["密度 kg/m^3 a)^", "甲 ^注 1)^", "m^2^^1^", "m²^1^", "x^n^^a^", "e^-k t^ 时", "kg/m^2^ ^a^"],
)
def test_carets_around_what_is_not_raised_are_refused(told: "Told", text: str) -> None:
    """So is a note's number without a bracket behind a power: both would be one number."""
    assert told(text) == [("CARETS-LEFT", 1)]


def test_thousands_of_tildes_and_carets_are_judged_at_once(told: "Told") -> None:
    for sign in ("A~(", "A~(b", "x^(", "x^a b"):
        told((sign * 600 + " ") * 40)
