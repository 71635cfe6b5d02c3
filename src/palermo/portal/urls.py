"""Addresses. What stands before the language (``/en``) is taken off before these are matched."""

from django.urls import path

from palermo.portal.views.assets import style
from palermo.portal.views.explorer import explorer
from palermo.portal.views.figures import figure, figures
from palermo.portal.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("figures/", figures, name="figures"),
    path("figures/<str:figure_id>/", figure, name="figure"),
    path("releases/<str:release_id>/figures/<str:figure_id>/", figure, name="cited-figure"),
    path("explore/", explorer, name="explore"),
    path("explore/<str:cube_id>/", explorer, name="explore-cube"),
    path("assets/style-<str:digest>.css", style, name="style"),
]
