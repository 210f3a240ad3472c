"""The embedded Hot API: a Django project of its own."""
