"""The report as a text that an office can edit (DOCX): headings, lists, tables, captions, a list of contents."""
