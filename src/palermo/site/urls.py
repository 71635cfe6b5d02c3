"""Every address of the site. Pages stand behind their language (``palermo.portal.middleware.language``)."""

from django.urls import include, path

from palermo.portal.views.errors import failed, not_found

urlpatterns = [
    path("", include("palermo.portal.urls")),
]
handler404 = not_found
handler500 = failed
