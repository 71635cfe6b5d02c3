"""The command line: ``app.py`` holds the verbs of the main path and hands the others to the module of their name."""
