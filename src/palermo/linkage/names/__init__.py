"""Names in any script in a form in which they can be compared."""
