"""Choosing measure, rows, columns and filters of what is released, and the table and drawing that come of it.

A choice finds released observations or finds none; nothing is added up, so no choice can tell more than the release.
"""
