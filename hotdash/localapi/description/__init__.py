"""What the API says of itself: the OpenAPI document, and a page of it to read."""
