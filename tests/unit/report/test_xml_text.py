"""Whatever text an office gives, the XML that holds it can be read, and the text comes back."""

from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.report.xml_text import escaped


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_the_text_comes_back_but_for_what_xml_cannot_hold(text):
    told = escaped(text.replace("\r", ""))  # readers of XML make a line end of it
    found = ET.fromstring(f'<a b="{told}">{told}</a>')
    kept = "".join(one for one in text if one in "\t\n" or (one >= " " and one not in "\ufffe\uffff"))
    assert (found.text or "") == kept
    assert "".join(found.attrib["b"].split()) == "".join(kept.split())


def test_a_character_that_xml_cannot_hold_is_left_out_and_markup_is_text():
    assert escaped('a\x00\x0b\ufffe<b> & "c"') == "a&lt;b&gt; &amp; &quot;c&quot;"
