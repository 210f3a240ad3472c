"""What the operator asks about the whole of hotdash."""
