"""A list as one page of HTML that loads and runs nothing, for whoever has only a browser."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

from qms.lists.table import Table

_STYLE: Final = """\
body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
body { margin: 2em; color: #111; }
h1 { font-size: 1.4em; margin: 0; }
p { margin: 0 0 .2em; color: #555; }
table { border-collapse: collapse; margin-top: 1em; }
th, td { border: 1px solid #999; padding: .3em .6em; text-align: left; vertical-align: top; }
th { background: #eef1f4; position: sticky; top: 0; }
@media print { body { margin: 0; } th { position: static; } }
"""
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")


def html_file(table: Table, language: str) -> bytes:
    """The list as a page: no script, and nothing from elsewhere, whatever stands in a cell."""
    name, *below = map(escape, table.heading(language))
    said = "\n".join(f"<p>{one}</p>" for one in below)
    titles = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.titles(language))
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in table.words(language)
    )
    tag = "zh-CN" if language == "zh" else "en"
    return f"""<!DOCTYPE html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{_HASH}'">
<title>{name}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{name}</h1>
{said}
<table>
<thead><tr>{titles}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
""".encode()
