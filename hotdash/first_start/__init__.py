"""The first start: tables, assets, the first owner and organization, and a sample that runs."""
