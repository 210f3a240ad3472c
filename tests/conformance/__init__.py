"""The embedded API, held to the official SDK and to the SDK's own tests."""
