"""Estimating those whom no list saw, by multiple systems estimation, with how sure one can be."""
