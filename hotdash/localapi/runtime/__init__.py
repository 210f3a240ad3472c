"""What executes runs: queue, worker, templates, children."""
