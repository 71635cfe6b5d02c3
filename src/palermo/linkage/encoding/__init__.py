"""Linking without names: keyed encodings of records, made at home, compared by a linkage unit that holds no key."""
