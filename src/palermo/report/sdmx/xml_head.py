"""The namespaces and the header that all SDMX-ML messages share."""

from palermo.report.sdmx.message import Message
from palermo.report.sdmx.model import Artefact, Names, urn
from palermo.report.xml_text import escaped

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
V2_1, V3_0 = "v2_1", "v3_0"
_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
_SPACES = {
    "mes": "message",
    "str": "structure",
    "com": "common",
    "ss": "data/structurespecific",
    "gen": "data/generic",
}


def spaces(version: str, *prefixes: str) -> str:
    """The declarations of these prefixes."""
    declared = "".join(f' xmlns:{prefix}="{_BASE}/{version}/{_SPACES[prefix]}"' for prefix in prefixes)
    return f'{declared} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def texts(element: str, names: Names) -> str:
    """One element per language."""
    return "".join(f'<{element} xml:lang="{language}">{escaped(text)}</{element}>' for language, text in names.items())


def header(message: Message, structure: str = "") -> str:
    """The header; ``structure`` is what a data message says of its structure."""
    said = {message.language: message.notice}
    action = "<mes:DataSetAction>Information</mes:DataSetAction>" if structure else ""
    return (
        f"<mes:Header><mes:ID>{message.id}</mes:ID><mes:Test>{str(message.is_test).lower()}</mes:Test>"
        f'<mes:Prepared>{message.prepared}</mes:Prepared><mes:Sender id="{message.sender}">'
        f"{texts('com:Name', message.sender_names)}</mes:Sender>{structure}{action}"
        f"{texts('mes:Source', said)}</mes:Header>"
    )


def reference(kind: str, artefact: Artefact, version: str) -> str:
    """A reference to an artefact: its URN in 3.0, a Ref element in 2.1."""
    if version == V3_0:
        return urn(kind, artefact)
    package = "codelist" if kind == "Codelist" else "datastructure"
    return (
        f'<Ref agencyID="{artefact.agency}" id="{artefact.id}" version="{artefact.version}" '
        f'package="{package}" class="{kind}"/>'
    )
