"""A made-up country whose truth is known, with the faults that real files have."""
