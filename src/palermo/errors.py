"""Named errors, shared by all stages, so that the command line can map each to an exit code."""

import errno
import re

_PART = re.compile(r"\.([^/\\]+?)(?:\.\d+)?\.part$")  # a file that is being written; people know it by its own name


class PalermoError(Exception):
    """Something failed (exit code 1). The message says where, what was found, what was expected, what to do."""

    exit_code = 1


class UsageError(PalermoError):
    """The request itself is wrong: a missing file, an unknown option, a faulty settings file (exit code 2)."""

    exit_code = 2


class RefusedError(PalermoError):
    """Palermo could go on but must not, for a stated reason (exit code 3).

    Examples: a file publishes offences under the name of victims; a release would expose a person.
    """

    exit_code = 3


def system_words(error: OSError) -> str:
    """What an error of the operating system means. A full disk has several names, and most of them name no file."""
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return "the disk is full; make room and run again. Nothing half-written was left"
    named = _PART.sub(r"\1", str(error.filename or ""))
    where = f"{named}: " if named else ""
    return f"{where}{error.strerror or error}"
