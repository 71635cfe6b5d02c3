"""What a reader sees where there is no page, or where making it failed."""

from django.http import HttpRequest, HttpResponse

from palermo.portal.pages import page

FAILED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This page could not be made</title></head>
<body><main><h1>This page could not be made</h1>
<p>The fault is ours and has been noted. No figure was lost or changed. <a href="/">To the account</a></p></main></body>
</html>
"""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is published under this address, which never means that there is nobody."""
    del exception
    return page(request, "not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """The page could not be made. It stands alone, as what failed may be what makes pages; the log says what it was."""
    del request
    return HttpResponse(FAILED, content_type="text/html; charset=utf-8", status=500)
