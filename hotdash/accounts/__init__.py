"""People and how they sign in."""

FIRST_SIGN_IN = "first-sign-in"  # the file in the data directory that holds the first owner's link
