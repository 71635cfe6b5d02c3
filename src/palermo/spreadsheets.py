"""What a spreadsheet would run: every CSV that we write for people to open goes through here."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A cell as a spreadsheet shows and does not run it: what starts like a formula stands behind a single quote."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_written(text: str) -> str:
    """A cell as it was before ``harmless``."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text
