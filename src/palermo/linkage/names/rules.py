"""The rules on names, read from the data files of this folder.

They are data so that a reader of any language can check and correct them. ``VERSION`` goes into everything that is
made with them: prepared records of different versions must not be linked with each other.
"""

import tomllib
from importlib import resources
from typing import Any

_FOLDER = resources.files("palermo.linkage.names")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


PARTICLES = _read("particles.toml")
LETTERS = _read("letters.toml")
_VOCALISED = _read("vocalised.toml")
VOCALISED: dict[str, str] = _VOCALISED["names"]
VERSION = f"{PARTICLES['version']}.{LETTERS['version']}.{_VOCALISED['version']}"


def _words(use: str) -> dict[str, str]:
    """Word -> id of the rule that names it."""
    return {word: group["id"] for group in PARTICLES["words"] if group["use"] == use for word in group["words"]}


DROPPED = _words("drop")
JOINED = frozenset(_words("join"))
SPELT = dict(word.split("=") for word in _words("spell"))
PATRONYMIC_ENDINGS = tuple(ending for group in PARTICLES["endings"] for ending in group["words"])
FAMILY_FIRST = frozenset(word for group in PARTICLES["families"] for word in group["words"])
EXPLANATIONS = {group["id"]: group["why"] for group in (*PARTICLES["words"], *PARTICLES["endings"])}
