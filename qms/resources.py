"""Where the files are that travel with qms, installed or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def template_folder() -> Path:
    """The template docs repo: inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / "data" / "docs_repo_template"
    return inside if inside.is_dir() else _PACKAGE.parent / "docs_repo_template"
