"""Overview: what fails, what runs, how much there is, and what is left to begin with."""
