"""``python -m palermo`` is the command line."""

from palermo.cli import main

main()
