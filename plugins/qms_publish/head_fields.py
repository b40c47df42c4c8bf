"""The fields of a document's head that are printed in words; docs/print.md says where each stands.

Days, the class and the owner are printed too: days in digits, the others by names of the policy.
"""

from collections.abc import Mapping

from qms.api import Document, Value, leaves


def printed_fields(document: Document, facts: Mapping[str, Value]) -> Mapping[str, str]:
    """Their texts by their names, as a finding names them; those that are empty left out.

    Beside them all texts of `facts`, that stand behind the signatures.
    """
    legacy = document.legacy
    fields = {
        "number": document.number,
        "revision": document.revision,
        "title": document.title,
        "title_en": document.title_en,
        "change": document.change,
        "summary": document.summary,
        "second_code": document.second_code,
        "standard": document.standard,
        "legacy.by": None if legacy is None else legacy.by,
    }
    clauses = {f"clauses.{at}": text for at, text in enumerate(document.clauses)}
    extra = {name: text for key, one in facts.items() for name, text in leaves(one, key)}
    return {name: text for name, text in (*fields.items(), *clauses.items()) if text} | extra
