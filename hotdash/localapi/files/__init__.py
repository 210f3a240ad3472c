"""Files of an environment: named contents that people and runs keep (contract 5.8)."""
