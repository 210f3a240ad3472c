"""Tests of the two addresses that machines ask."""
