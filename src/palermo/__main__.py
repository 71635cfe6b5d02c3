"""``python -m palermo`` is the command line."""

from palermo.cli.app import main

main()
