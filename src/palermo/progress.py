"""How long work says how far it is: what is done, of how much (None where nobody knows), and what is being done."""

from collections.abc import Callable

Tell = Callable[[float, float | None, str], None]
Progress = Tell | None  # None where nobody watches
