"""A release as an SDMX service: structures, data, availability, in the formats and URLs of SDMX 3.0 and 2.1.

    from palermo.report.sdmx import Request, open_service

    service = open_service(release)
    answer = service.answer(Request("data/dataflow/PALERMO/DF_TIP/1.0/A.XXA", prepared=now))

No Django here: ``palermo.portal`` hands over path, query and headers, and sends the answer on. The decision a reader
would question: messages are written here and not by pysdmx, because its models hold one language and no parent of a
code, and its writers hold the whole message in memory. pysdmx and sdmx1 read every message back in the tests.
"""

from palermo.report.sdmx.faults import FaultError
from palermo.report.sdmx.request import Answer, Request
from palermo.report.sdmx.service import Service, open_service

__all__ = ["Answer", "FaultError", "Request", "Service", "open_service"]
