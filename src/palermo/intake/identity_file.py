"""The file of identities (or of seals) of one list: for its owner alone, whole or not at all.

The decision a reader would question: it lies in a folder of its own, not beside the cases. Whoever may read the tables
of an account must not come upon names by listing a folder; here the folder itself is closed (mode 0700, files 0600).
"""

import glob
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.intake.schema import IDENTITIES
from palermo.private_files import OWNER_ONLY

FOLDER_MODE = 0o700


class IdentityFile:
    """Use it as a context: leaving it removes whatever was not committed. Without rows there is no file."""

    def __init__(
        self, folder: Path | None, list_name: str, what: str = "identities", schema: pa.Schema = IDENTITIES
    ) -> None:
        self._folder = folder
        self._name = f"{list_name}.{what}.parquet"
        self._schema = schema
        self._writer: pq.ParquetWriter | None = None
        self._part: Path | None = None

    def __enter__(self) -> "IdentityFile":
        if self._folder is not None and self._folder.is_dir():
            for remains in self._folder.glob(f".{glob.escape(self._name)}.*.part"):
                remains.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError, pa.ArrowException):  # what could not be written cannot be closed
            self._close()
        if self._part is not None:
            self._part.unlink(missing_ok=True)

    def add(self, rows: pa.Table | None) -> None:
        """Add the identities of a batch; nothing happens where no folder was named for them."""
        if rows is None or self._folder is None:
            return
        try:
            if self._writer is None:
                self._writer = self._open(self._folder)
            self._writer.write_table(rows)
        except (OSError, pa.ArrowException) as error:
            raise self._unwritable(error) from None

    def commit(self) -> Path | None:
        """Give the file its name and return it; where nothing was added, remove what an earlier run left."""
        if self._folder is None:
            return None
        name = self._folder / self._name
        try:
            if self._part is None:
                name.unlink(missing_ok=True)
                return None
            self._close()
            self._part.replace(name)
        except (OSError, pa.ArrowException) as error:
            raise self._unwritable(error) from None
        self._part = None
        return name

    def _open(self, folder: Path) -> pq.ParquetWriter:
        closed_folder(folder)
        self._part = folder / f".{self._name}.{os.getpid()}.part"
        os.close(os.open(self._part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, OWNER_ONLY))
        return pq.ParquetWriter(self._part, self._schema, compression="snappy", store_schema=False)

    def _close(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def _unwritable(self, error: Exception) -> PalermoError:
        why = getattr(error, "strerror", None) or "the file could not be written"
        return PalermoError(f"{self._folder}: cannot write: {why}. Nothing half-written was left there")


def closed_folder(folder: Path) -> Path:
    """Make the folder, and let nobody but its owner look into it."""
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)
    return folder
