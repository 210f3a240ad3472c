"""Tests of the routes, one file per noun."""
