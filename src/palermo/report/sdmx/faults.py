"""Why a query has no answer, in the codes of the SDMX web services.

The decision a reader would question: a query for what is not in the release answers "no results found", and never an
empty table or a zero, because not published is not none.
"""

from palermo.errors import PalermoError

NO_RESULTS, SYNTAX, SEMANTIC, NOT_IMPLEMENTED = 100, 140, 150, 501
NOT_ACCEPTABLE = 406  # no code of SDMX: the status of HTTP
TITLES = {
    NO_RESULTS: "No results found",
    SYNTAX: "Syntax error",
    SEMANTIC: "Semantic error",
    NOT_IMPLEMENTED: "Not implemented",
    NOT_ACCEPTABLE: "Not acceptable",
}
STATUS = {NO_RESULTS: 404, SYNTAX: 400, SEMANTIC: 422, NOT_IMPLEMENTED: 501, NOT_ACCEPTABLE: 406}


class FaultError(PalermoError):
    """A query without an answer: the code of SDMX and what to do about it."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return STATUS[self.code]


def no_results(text: str) -> FaultError:
    """What was asked for is not published."""
    return FaultError(NO_RESULTS, text)


def nothing_fits(why: str = "") -> FaultError:
    """The release holds no observation that the query asks for; ``why`` names codes that nothing could have.

    Still 404 and not 422: to the standard a key is a choice among keys, and one that chooses none is no fault.
    """
    told = "Nothing in this release fits the query. What is not in the release is not published; not 0."
    return no_results(f"{told} {why}".strip())


def syntax(text: str) -> FaultError:
    """The query does not follow the standard."""
    return FaultError(SYNTAX, text)


def semantic(text: str) -> FaultError:
    """The query follows the standard and does not fit the structure."""
    return FaultError(SEMANTIC, text)


def not_served(text: str) -> FaultError:
    """The standard knows this and we do not serve it."""
    return FaultError(NOT_IMPLEMENTED, text)
