"""The template tags and filters of hotdash."""
