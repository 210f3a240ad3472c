"""Tests of hotdash behind a proxy."""
