"""What is asked of a person who stores a key."""

from hotdash.kit.forms import Form, KeyField


class OwnKey(Form):
    """The key alone: whose it is and where it opens stand in session and address."""

    key = KeyField()
