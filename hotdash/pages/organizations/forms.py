"""What is asked of a person who makes an organization."""

from django import forms

from hotdash.kit.forms import Form, SlugField
from hotdash.orgs.slugs import BadSlug, check_organization_slug


class NewOrganization(Form):
    """What it is called, and how its addresses begin."""

    name = forms.CharField(max_length=100, label="Name")
    slug = SlugField()

    def clean_slug(self) -> str:
        """Check shape and reserved words; whether it is taken shows when it is made."""
        slug: str = self.cleaned_data["slug"]
        try:
            return check_organization_slug(slug)
        except BadSlug as error:
            raise forms.ValidationError(str(error)) from None
