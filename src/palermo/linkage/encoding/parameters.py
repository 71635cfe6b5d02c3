"""The public parameters of a project's encodings: every organisation must use the same, and they hold no secret.

The decision a reader would question: citizenship is not a field. It depends on the name, and weight beside names makes
a score over-confident; the figures are in docs/method/linkage-encodings.md.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from palermo.errors import UsageError
from palermo.linkage import prepare
from palermo.linkage.encoding.own_file import write_whole

VERSION = 1
LENGTHS = (512, 1024, 2048, 4096, 8192)  # the comparison works through eight words of 64 bits at a time
_LENGTHS_SAID = f"{LENGTHS[0]} to {LENGTHS[-1]}"
HARDENINGS = ("diffusion", "fold", "blip", "balance", "none")

# Bits that each value of a field sets. More bits: more weight in the score.
HASHES = {
    "name_pair": 2,  # each pair of neighbouring letters of a name, with its ends marked
    "name": 2,  # each whole name
    "skeleton_pair": 2,  # each pair of neighbouring consonants
    "skeleton": 44,  # each whole consonant skeleton
    "birth_year": 40,
    "birth_decade": 8,
    "birth_month": 28,
    "birth_day": 32,
    "sex": 14,
    "place": 22,
    "place_pair": 2,
}


@dataclass(frozen=True)
class Parameters:
    """How records are encoded. ``bits`` is the length of what leaves the organisation, a power of two.

    ``hardening``: ``diffusion`` (each bit is the exclusive or of two secret bits of the filter; Armknecht, Heng and
    Schnell 2023), ``fold`` (both halves of a filter twice as long), ``blip`` (bits flipped at random at rate ``flip``),
    ``balance`` (a filter of half the length and its complement, shuffled: constant bit count), ``none`` (tests only).
    """

    bits: int = 1024
    hardening: str = "diffusion"
    flip: float = 0.0
    hashes: dict[str, int] = field(default_factory=lambda: dict(HASHES))
    normalisation: str = prepare.VERSION  # of the rules by which names and dates are prepared
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.bits not in LENGTHS:
            raise UsageError(f"Encoding parameters: bits is {self.bits}; expected a power of two, {_LENGTHS_SAID}.")
        if self.hardening not in HARDENINGS:
            raise UsageError(
                f"Encoding parameters: hardening is {self.hardening!r}; expected one of {', '.join(HARDENINGS)}."
            )
        if not 0 <= self.flip < 0.5:
            raise UsageError(f"Encoding parameters: flip is {self.flip}; expected a share from 0 to below 0.5.")
        wrong = [name for name, count in self.hashes.items() if name not in HASHES or not 0 <= count <= 64]
        if wrong:
            raise UsageError(
                f"Encoding parameters: hashes of {', '.join(wrong)}; expected 0 to 64 for each of {', '.join(HASHES)}."
            )

    @property
    def filter_bits(self) -> int:
        """Length of the filter before hardening."""
        return {"fold": self.bits * 2, "balance": self.bits // 2}.get(self.hardening, self.bits)

    def text(self) -> str:
        """The parameters as JSON, always the same bytes for the same parameters."""
        return json.dumps(asdict(self), sort_keys=True, indent=1) + "\n"

    @property
    def hash(self) -> str:
        """SHA-256 of the text: two files with different hashes cannot be compared."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def parse_parameters(text: str, where: str) -> Parameters:
    """Parameters from their JSON text; ``where`` names the file in the error."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{where}: not a parameter file (JSON expected): {error}.") from error
    names = {item.name for item in fields(Parameters)}
    if not isinstance(found, dict) or set(found) - names:
        raise UsageError(f"{where}: not a parameter file; expected the entries {', '.join(sorted(names))}.")
    if found.get("version", VERSION) != VERSION:
        raise UsageError(f"{where}: parameters of version {found['version']}; this Palermo knows version {VERSION}.")
    expected = {"bits": int, "hardening": str, "flip": int | float, "hashes": dict, "normalisation": str}
    wrong = [name for name, kind in expected.items() if name in found and not isinstance(found[name], kind)]
    if not wrong and not all(type(count) is int for count in found.get("hashes", {}).values()):
        wrong = ["hashes"]
    if wrong:
        raise UsageError(
            f"{where}: not a parameter file; {', '.join(wrong)}: of another kind than palermo encode writes."
        )
    return Parameters(**found)


def read_parameters(path: Path) -> Parameters:
    """Read a parameter file."""
    if not path.is_file():
        raise UsageError(f"{path}: no such parameter file. Ask the organisation that leads the project for it.")
    return parse_parameters(path.read_text(encoding="utf-8"), str(path))


def write_parameters(parameters: Parameters, path: Path) -> None:
    """Write a parameter file. It is public."""
    write_whole(path, parameters.text().encode(), mode=0o644)
