"""Organizations, memberships, environments and roles."""
