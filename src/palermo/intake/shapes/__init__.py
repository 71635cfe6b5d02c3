"""One module per shape of source files that is known; ``intake/registry.py`` lists them."""
