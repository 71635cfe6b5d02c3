"""Numbers of persons in sentences that are published, where an exact number could help to find someone."""


def about(count: int) -> str:
    """A number for a note: rounded to tens, and no number at all below ten."""
    return "fewer than 10" if count < 10 else f"about {round(count, -1):,}"
