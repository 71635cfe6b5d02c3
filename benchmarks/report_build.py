"""Build time of every document of one release: `python benchmarks/report_build.py RELEASE [LANGUAGE ...]`.

Each format is made twice from the same report; the second time counts, and the bytes must be the same. Seconds of one
processor, so that other work on the machine does not count; loading of packages is outside the clock.
"""

import sys
import time
from pathlib import Path

from palermo.language import speaking
from palermo.report.documents.formats import FORMATS
from palermo.report.documents.report import report_of
from palermo.report.opening import open_release


def main(folder: Path, languages: list[str]) -> None:
    release = open_release(folder)
    print(f"release {release.id}: {release.cube.num_rows:,} observations")
    print(f"{'language':9}{'format':8}{'files':>6}{'bytes':>11}{'seconds':>9}  same bytes twice")
    for language in languages:
        with speaking(language):
            begun = time.process_time()
            report = report_of(release)
            print(f"{language:9}{'-':8}{len(report.figures):6}{'':11}{time.process_time() - begun:9.2f}  figures made")
            for form in FORMATS.values():
                first = form.files(report)
                begun = time.process_time()
                second = form.files(report)
                spent = time.process_time() - begun
                size = sum(len(content) for content in second.values())
                print(f"{language:9}{form.name:8}{len(second):6}{size:11,}{spent:9.2f}  {first == second}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["en", "ar", "zh"])
