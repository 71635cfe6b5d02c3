"""What is published of a frozen release: figures, page, data files, documents, SDMX, descriptions; from it alone."""
