"""Text from outside that would do harm if it were taken for anything but text."""

HOSTILE = '<img src=x onerror=a()>"><b hx-get=/x hx-trigger=load>{{7*7}}]]>\x1b[2J\u202e'
