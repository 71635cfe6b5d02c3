"""Addresses. What stands before the language (``/en``) is taken off before these are matched."""

from django.urls import path

from palermo.portal.views.assets import style
from palermo.portal.views.data import figure_table, release_file, view_table
from palermo.portal.views.definitions import definitions
from palermo.portal.views.explorer import explorer
from palermo.portal.views.figures import figure, figures
from palermo.portal.views.home import home
from palermo.portal.views.receipts import receipt
from palermo.portal.views.releases import changes, release_page, releases

urlpatterns = [
    path("", home, name="home"),
    path("figures/", figures, name="figures"),
    path("figures/<str:figure_id>/", figure, name="figure"),
    path("releases/<str:release_id>/figures/<str:figure_id>/", figure, name="cited-figure"),
    path("explore/", explorer, name="explore"),
    path("explore/<str:cube_id>/", explorer, name="explore-cube"),
    path("definitions/", definitions, name="definitions"),
    path("releases/", releases, name="releases"),
    path("releases/<str:release_id>/", release_page, name="release"),
    path("releases/<str:release_id>/changes/", changes, name="changes"),
    path("receipts/<str:receipt_id>/", receipt, name="receipt"),
    path("data/<str:release_id>/figures/<str:figure_id>.csv", figure_table, name="figure-table"),
    path("data/<str:release_id>/explore/<str:cube_id>.csv", view_table, name="view-table"),
    path("data/<str:release_id>/<str:name>", release_file, name="release-file"),
    path("assets/style-<str:digest>.css", style, name="style"),
]
