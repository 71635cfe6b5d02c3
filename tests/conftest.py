"""What holds for all tests: one thread for linear algebra, as the command sets it.

The decision a reader would question: it stands here and not in a fixture, because the library reads it once, when numpy
is first imported.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
