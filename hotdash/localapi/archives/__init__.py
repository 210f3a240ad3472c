"""What a build is packed in: its archive, its manifest, and where both are kept."""
