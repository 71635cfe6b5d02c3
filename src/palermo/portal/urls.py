"""Addresses. What stands before the language (``/en``) is taken off before these are matched."""

from django.urls import path

from palermo.portal.api.endpoints import patterns as api_patterns
from palermo.portal.api.feeds import releases_feed, view_feed
from palermo.portal.views.areas import area_list, area_page, region_page, year_page
from palermo.portal.views.assets import style
from palermo.portal.views.catalogue import (
    catalogue_json_ld,
    catalogue_turtle,
    csvw,
    csvw_beside,
    dataset_name,
    package,
    package_description,
    robots,
    sitemap,
)
from palermo.portal.views.data import figure_table, release_file, view_table
from palermo.portal.views.definitions import definitions
from palermo.portal.views.explorer import explorer
from palermo.portal.views.figures import figure, figures
from palermo.portal.views.home import home
from palermo.portal.views.receipts import receipt
from palermo.portal.views.releases import changes, release_page, releases
from palermo.portal.views.sdmx import sdmx
from palermo.portal.views.search import search

FIGURE = "areas/<str:area>/<str:period>/figures/<str:figure_id>"

urlpatterns = [
    path("", home, name="home"),
    path("figures/", figures, name="figures"),
    path("areas/", area_list, name="areas"),
    path("areas/<str:area>/", area_page, name="area"),
    path("areas/<str:area>/<str:period>/", year_page, name="year"),
    path(f"{FIGURE}/", figure, name="figure"),
    path(f"releases/<str:release_id>/{FIGURE}/", figure, name="cited-figure"),
    path("regions/<str:region>/", region_page, name="region"),
    path("explore/", explorer, name="explore"),
    path("explore/<str:cube_id>/", explorer, name="explore-cube"),
    path("feed.atom", releases_feed, name="feed"),
    path("explore/<str:cube_id>/feed.atom", view_feed, name="view-feed"),
    path("definitions/", definitions, name="definitions"),
    path("releases/", releases, name="releases"),
    path("releases/<str:release_id>/", release_page, name="release"),
    path("releases/<str:release_id>/changes/", changes, name="changes"),
    path("receipts/<str:receipt_id>/", receipt, name="receipt"),
    path(f"data/<str:release_id>/{FIGURE}.csv", figure_table, name="figure-table"),
    path("data/<str:release_id>/explore/<str:cube_id>.csv", view_table, name="view-table"),
    path("data/", dataset_name),
    path("data/<str:release_id>/", dataset_name, name="dataset"),
    path("data/<str:release_id>/datapackage.json", package_description, name="datapackage"),
    path("data/<str:release_id>/csvw/cube.json", csvw, name="csvw"),
    path("data/<str:release_id>/cube.csv-metadata.json", csvw_beside, name="csvw-beside"),
    path("data/<str:release_id>/package.zip", package, name="package"),
    path("data/<str:release_id>/<str:name>", release_file, name="release-file"),
    path("catalogue.jsonld", catalogue_json_ld, name="catalogue"),
    path("catalogue.ttl", catalogue_turtle, name="catalogue-turtle"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("search/", search, name="search"),
    path("sdmx/", sdmx, name="sdmx"),
    path("sdmx/releases/<str:release_id>/<path:query>", sdmx, name="sdmx-release"),
    path("sdmx/<path:query>", sdmx, name="sdmx-query"),
    *api_patterns(),
    path("assets/style-<str:digest>.css", style, name="style"),
]
