"""The account of the workbook of UNODC, made once for all golden tests that read its figures."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.build import build_account
from palermo.account.making import AccountInputs
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.release.schema import RELEASED
from palermo.report.reading import Release
from palermo.settings import Rules

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
UNODC = SHARED / "unodc-glotip" / "data_glotip_20250414.xlsx"


@pytest.fixture(scope="session")
def unodc_release(tmp_path_factory) -> Release:
    """All figures are public, so that the account is its own release."""
    if not UNODC.exists():
        pytest.skip("needs ../shared/data/unodc-glotip")
    folder = tmp_path_factory.mktemp("unodc")
    read = intake_file(UNODC, SourceOptions("unodc"), folder)
    inputs = AccountInputs(
        persons=None, cases=(), suspects=(), observations=(read.tables["observations"],),
        public_lists=frozenset({"unodc"}), inputs=({"list": "unodc", "sha256": read.sha256},), population=None,
        population_shape=None, area="001", area_name=None, years=None, rules=Rules(),
    )  # fmt: skip
    cube = pq.read_table(build_account(inputs, folder).cube)
    cube = cube.append_column("conf_status", pa.array(["F"] * cube.num_rows))
    metadata = {"area": "001", "years": [2003, 2022], "sources": [{"list": "unodc"}]}
    return Release("0" * 16, cube.select(RELEASED.names), {}, metadata)
