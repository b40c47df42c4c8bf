"""What a printed file is made of, as one digest: a file of other inputs is another file.

Everything that decides its bytes is in it: the text and its signatures, the pictures, the policy by
which it is printed, the mark, the tool, the sources of the plugins that print (their layout files
too) and what these say of fonts and libraries. Only the day of printing is left out: a file stays
what it is until something else changes.
"""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256 as digest_of

from qms import __version__
from qms.formats.digests import sha256
from qms.installed import TOOLS, Found
from qms.jobs.paper.planned import Print
from qms.plugin_sources import package_digest
from qms.plugins import Hooks
from qms.printing import RenderRequest


@dataclass
class Inputs:
    """The inputs of all files of a run. `tools` are the plugins that print."""

    tools: Hooks

    @cached_property
    def plugins(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of the sources of each plugin whose tool half is loaded."""
        loaded = [one for one in self.tools.plugins if one.group == TOOLS]
        return tuple(sorted((one.name, one.digest or _digest_of(one)) for one in loaded))

    @property
    def tool(self) -> str:
        """This tool and its version."""
        return f"qms {__version__}"

    @cached_property
    def toolchain(self) -> tuple[str, ...]:
        """The tool, and what the plugins say of fonts and libraries. Raises what they lack."""
        return (self.tool, *self.tools.toolchain())

    def base(self, one: Print) -> str:
        """The digest of what a revision's base PDF is made of."""
        request = one.request
        document = request.document
        return self._digest(
            document.content,
            document.status,
            [(slot.id, slot.act, slot.person) for slot in document.signed()],
            sorted((path, sha256(data)) for path, data in request.assets.items()),
            one.policy,
            request.language,
            request.display_number,
            [request.revision_text.of(language) for language in ("zh", "en")],
            [str(row) for row in request.amendments],
            request.acts,
            request.is_obsolete,
            [str(day) for day in (request.published, request.effective, *request.days)],
            request.created.isoformat(),
            sorted(request.glyphs.items()),
            str(replace(request.look, picture=b"")),
            sha256(request.look.picture),
            *map(str, request.particulars),
            *_of_sheet(request),
        )

    def stamped(self, one: Print) -> str:
        """The digest of what the marked PDF is made of, but the day of printing."""
        return self._digest(self.base(one), str(replace(one.mark, base=b"", printed_on=None)))

    def _digest(self, *values: object) -> str:
        parts = (self.plugins, self.toolchain, values)
        return digest_of(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _of_sheet(request: RenderRequest) -> tuple[str, ...]:
    """What else decides how a sheet looks, whose words are its plugin's and not a signed text's."""
    if request.class_name is None:
        return ()
    words = {name: str(word) for name, word in request.act_words.items()}
    document = request.document
    parts = (
        *(document.title, document.title_en, document.owner, str(request.class_name), str(words)),
        *(request.edition, request.filing),
    )
    return (sha256(document.body.encode()), *map(str, parts))


def _digest_of(one: Found) -> str:
    return package_digest(one.target.partition(".")[0])
