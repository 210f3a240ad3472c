"""Custom domains: their names, and the record in the DNS that proves them."""
