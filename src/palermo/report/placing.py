"""Putting a set of files into a folder so that a reader sees the old set or the new one, file by file whole.

All files are first written to a temporary folder within the target; only then do they take their places, and files of
the earlier set that are no longer wanted are removed. Nothing else in the folder is touched. Within and not beside it:
a folder that is a volume of its own lies on another device than what is beside it, and no file can be moved across.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

LIST = "files.txt"


def place_files(contents: Mapping[str, bytes], out_dir: Path, *, is_whole_set: bool = True) -> tuple[Path, ...]:
    """Write the files and return their paths, in order of name.

    Where they are not a whole set, they are not listed, and no file of an earlier set is removed.
    """
    names = sorted(contents)
    written = [*names, LIST] if is_whole_set else names
    out_dir.mkdir(parents=True, exist_ok=True)
    before = _listed(out_dir) if is_whole_set else set()
    staging = Path(tempfile.mkdtemp(prefix=".new.", suffix=".part", dir=out_dir))
    try:
        for name in written:
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(contents[name] if name != LIST else "".join(f"{n}\n" for n in names).encode())
        for name in written:
            (out_dir / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(out_dir / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for name in before - set(names):
        (out_dir / name).unlink(missing_ok=True)
    return tuple(out_dir / name for name in names)


def _listed(out_dir: Path) -> set[str]:
    """The files that an earlier report listed as its own, those inside the folder only."""
    file = out_dir / LIST
    if not file.is_file():
        return set()
    names = file.read_text(encoding="utf-8").splitlines()
    return {name for name in names if name and not Path(name).is_absolute() and ".." not in Path(name).parts}
