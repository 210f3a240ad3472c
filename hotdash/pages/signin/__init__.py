"""Signing in and out, and claiming an account by a link."""
