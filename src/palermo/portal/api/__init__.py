"""The releases as plain JSON and CSV for everyone who does not speak SDMX, and as feeds.

The decision a reader would question: one table of routes (``routes.py``) makes the addresses, checks the words of a
query and writes the OpenAPI document, so that what is documented and what is answered cannot differ.
"""
