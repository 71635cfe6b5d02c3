"""The national account as documents: one ``Report`` object as HTML, PDF and DOCX, and returns to other offices.

    from palermo.report.documents import Asked, write_documents

    write_documents(release_folder, Asked(["pdf", "docx"], ["en", "ar"]), out)

The decision a reader would question: every format is made from the same object, and the object from the release alone,
so that a document can say nothing that another document, the page or the data files do not say.
"""

from palermo.report.documents.formats import FORMATS
from palermo.report.documents.write import Asked, Written, write_documents

__all__ = ["FORMATS", "Asked", "Written", "write_documents"]
