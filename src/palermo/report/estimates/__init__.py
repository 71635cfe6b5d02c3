"""Figures of the hidden number from plain values: for the page of ``palermo hidden``, and for the account."""
