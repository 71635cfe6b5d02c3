"""Named errors, shared by all stages, so that the command line can map each to an exit code."""


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
