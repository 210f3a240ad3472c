"""Tests of the embedded API, over a socket where it is reached over one."""
