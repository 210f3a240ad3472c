"""Making an organization: whoever does is its owner, and it starts empty."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from hotdash.guard.needs import personal
from hotdash.guard.recording import record_creation
from hotdash.guard.request import SignedIn
from hotdash.kit.formats import visible
from hotdash.kit.render import done
from hotdash.orgs.creation import create_organization
from hotdash.orgs.slugs import BadSlug
from hotdash.pages.organizations.forms import NewOrganization
from hotdash.pages.organizations.views import form_page


@personal
@require_POST
def create(request: SignedIn) -> HttpResponse:
    """Make an organization of which the person is the owner."""
    form = NewOrganization(request.POST)
    if not form.is_valid():
        return form_page(request, form, 422)
    said = form.cleaned_data
    try:
        made = create_organization(said["slug"], said["name"], request.user)
    except BadSlug as error:
        form.add_error("slug", str(error))
        return form_page(request, form, 422)
    record_creation(request.user, made)
    return done(
        request,
        f"{visible(made.name)} is made, and you are its owner.",
        to=reverse("home:organization", args=[made.slug]),
    )
