"""How often a person may have an address and a key tried: enough to mend, too little to scan."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hotdash.accounts.models import User
from hotdash.credentials.models import Trial

MOST = 10
WINDOW = timedelta(hours=1)


class TooManyTrials(Exception):
    """The person has tried too often; the text is for them to read."""

    def __init__(self) -> None:
        super().__init__(f"You have tried {MOST} keys within an hour. Try again later.")


@transaction.atomic
def count_trial(person: User) -> None:
    """Count one more trial, kept whatever becomes of it; raise TooManyTrials beyond the most."""
    User.objects.select_for_update().get(pk=person.pk)  # one after another, in every process
    begin = timezone.now() - WINDOW
    trials = Trial.objects.filter(user=person)
    trials.filter(at__lte=begin).delete()
    if trials.count() >= MOST:
        raise TooManyTrials
    Trial.objects.create(user=person)
