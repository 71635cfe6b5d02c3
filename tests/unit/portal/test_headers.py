"""What goes around a page: headers, the head alone, names under which the site is reached."""

import importlib
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler

import palermo.site.wsgi
from palermo.portal.middleware.headers import HEADERS

PAGES = ("/en/", "/en/nothing/", "/", "/robots.txt", "/en/%00", "/en/%FF%FE/", "/data/zzz/cube.csv")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_every_answer_keeps_its_reader_safe_and_sets_no_cookie(site, method, address):
    answer = site.generic(method, address)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers


def test_the_head_alone_is_that_of_the_page(site):
    application = WSGIHandler()

    def asked(method):
        told = {}

        def start(status, headers, _=None):
            told.update(dict(headers), status=status)

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": "/en/", "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "192.0.2.7", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }  # fmt: skip
        return b"".join(application(environ, start)), told

    (page, head), (nothing, alone) = asked("GET"), asked("HEAD")
    assert page
    assert nothing == b""  # Waitress would send it, and the next answer would begin in its middle
    assert alone == head
    assert int(alone["Content-Length"]) == len(page)


def test_options_are_told_without_a_page(site):
    answer = site.options("/en/")
    assert (answer.status_code, answer.content, answer["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", ""])
def test_a_name_that_is_not_ours_is_refused_on_every_page(site, host):
    assert site.get("/en/", headers={"host": host} if host else {"host": " "}).status_code == 400


def test_what_readers_ask_in_vain_is_written_nowhere(site, caplog):
    importlib.reload(palermo.site.wsgi)  # as every server does; the levels of pytest's own log are put back after
    caplog.clear()
    from_here = site.get("/en/a-name-somebody-typed/"), site.get("/en/", headers={"host": "evil.example"})
    assert [answer.status_code for answer in from_here] == [404, 400]
    assert caplog.text == ""
