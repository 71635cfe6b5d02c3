"""The estimators of the hidden number, one module a family; each takes a table and settings and gives an answer."""
