"""The addresses of the embedded API."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
