"""The room Runs: the list of an environment's runs, and the page of one."""
