"""What goes over the wire, noun by noun: bodies that are read, shapes that are sent."""
