"""A release described for programs that know nothing of us: data package, CSVW, DCAT catalogue, schema.org.

The decision a reader would question: JSON-LD and Turtle are written by hand from one list of statements
(``statements.py``), so that no RDF library is needed to serve a few pages; tests read them with one.
"""
