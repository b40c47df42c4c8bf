"""Row 94 of docs/attacks.md: what is taken for a secret, and what isn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.formats.leaks import leak_in

CONTENT = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB"
PEM = "-----BEGIN OPENSSH {}-----\n" + CONTENT + "\n"


@pytest.mark.parametrize(
    "text",
    [
        PEM.format("PRIVATE KEY"),
        f"-----BEGIN PRIVATE KEY-----\n{CONTENT}\n",
        f"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n{CONTENT}\n",
        f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n{CONTENT}\n",
        "> " + PEM.format("PRIVATE KEY").replace("\n", "\n> "),
        "- " + PEM.format("PRIVATE KEY").replace("\n", "\n  "),
        PEM.format("PRIVATE KEY").replace("\n", "<br>\n"),
        PEM.format("PRIVATE KEY").replace("\n", "\\n"),
        "PuTTY-User-Key-File-3: ssh-ed25519\n",
        "ghp_" + "a1B2c3D4e" * 4,
        "github_pat_" + "a1B2c3D4e5" * 8 + "ab",
        "glpat-" + "a1_-Bc3D4e" * 2,
        "AKIA" + "A1B2C3D4" * 2,
        "LTAI" + "a1B2c3D4e5" * 2,
        "令牌：" + "xoxb-" + "1a2B3c4D" * 3,
    ],
)
def test_a_secret_is_found_with_its_line(text: str) -> None:
    found = leak_in(f"# 目的\n\n{text}")

    assert found is not None
    assert found.line == 3


@pytest.mark.parametrize(
    "text",
    [
        PEM.format("PUBLIC KEY"),
        "A file that begins with `-----BEGIN OPENSSH PRIVATE KEY-----` is nobody's to share.",
        "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n",
        "ghp_" + "x" * 36,
        "ghp_" + "0123" * 9,
        "github_pat_" + "x" * 82,
        f"-----BEGIN PRIVATE KEY-----\n{'x' * 64}\n-----END PRIVATE KEY-----\n",
        "AGE-SECRET-KEY-1" + "Q" * 58,
        "Tokens begin with ghp_ or glpat-, keys with AKIA or LTAI.",
        f"ssh-ed25519 {CONTENT} li.si\nSHA256:{CONTENT[:43]}\nsha256:{'a1' * 32}\n",
    ],
)
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert leak_in(text) is None


@given(st.text(alphabet="-BEGIN PRIVATEKY\n:ghp_xo1", max_size=400))
def test_any_text_is_read(text: str) -> None:
    leak_in(text)


@pytest.mark.parametrize("piece", ["-----BEGIN ", "-----BEGIN PRIVATE KEY-----\n", "gh", "A: \n"])
def test_a_text_made_to_be_slow_is_read_to_its_end(piece: str) -> None:
    """Backtracking over it would take longer than anybody waits."""
    assert leak_in(piece * 200_000) is None
