"""Numbers of persons in sentences that are published, where an exact number could help to find someone."""


def about(count: int) -> str:
    """A number for a note: rounded to tens, and no number at all below ten."""
    return "fewer than 10" if count < 10 else f"about {round(count, -1):,}"


def about_share(share: float) -> str:
    """A share for a note: to ten per cent. To one, a share of a small group would tell how many persons they are."""
    tens = round(10 * share)
    return "fewer than 10%" if tens < 1 else f"about {10 * tens}%"


def rough(number: float) -> str:
    """An estimate for a sentence: two figures, never finer than tens. No count can be worked back from it.

    >>> rough(5266.1), rough(96), rough(3)
    ('5,300', '100', '10')
    """
    return f"{max(round(float(f'{number:.2g}'), -1), 10):,.0f}"


def all_of(methods: int) -> str:
    """Whose spread it is, in the same words on the terminal, on the page and in the account."""
    return f"all {methods} methods that gave a number with an interval"
