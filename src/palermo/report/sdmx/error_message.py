"""A fault as an SDMX error message, in JSON where the client prefers it, else in XML."""

from palermo.language import spoken_now
from palermo.report.accept import by_quality
from palermo.report.sdmx.faults import TITLES, FaultError
from palermo.report.sdmx.message import Message
from palermo.report.sdmx.request import Answer
from palermo.report.sdmx.write_json import SCHEMA, as_json, meta
from palermo.report.sdmx.xml_head import DECLARATION, V2_1, spaces
from palermo.report.xml_text import escaped


def error_answer(fault: FaultError, message: Message, accept: str) -> Answer:
    """The answer with the fault's status."""
    title = TITLES[fault.code]
    if "json" in next(iter(by_quality(accept)), "json" if not accept else ""):
        errors = [{"code": fault.code, "title": title, "detail": fault.text}]
        body = as_json({"meta": meta(message, SCHEMA), "errors": errors}) + "\n"
        media_type = "application/json"
    else:
        language = f' xml:lang="{spoken_now().code if fault.text == message.notice else "en"}"'
        told = "".join(
            f"<com:Text{language}>{escaped(text)}</com:Text>" for text in (f"{title}: {fault.text}", message.notice)
        )
        body = (
            f"{DECLARATION}<mes:Error{spaces(V2_1, 'mes', 'com')}>"
            f'<mes:ErrorMessage code="{fault.code}">{told}</mes:ErrorMessage></mes:Error>\n'
        )
        media_type = "application/xml"
    return Answer(fault.status, {"Content-Type": f"{media_type}; charset=utf-8"}, [body.encode()])
