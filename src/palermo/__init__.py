"""Palermo: confidential case files in, one published national account out.

Stages, in the order of the data: ``codes``, ``intake``, ``linkage``, ``account``, ``release``, ``report``.
A stage imports ``codes`` and the schema of the stage before it, never a later stage.
"""

__version__ = "0.1.0"
