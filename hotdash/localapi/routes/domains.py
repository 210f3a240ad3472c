"""Custom domains: whose a name is, shown by a record in the DNS (contract 5.13).

A name is validated here and no more: this server has no certificates and routes no names, so no
domain ever becomes `active`.
"""

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.domains.cname import Busy, Unanswered, cname_of
from hotdash.localapi.domains.names import PROOF_LABEL, checked_name
from hotdash.localapi.envelopes import Listing, Page, Single, empty, listing_of, single
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import Domain
from hotdash.localapi.schemas.domains import (
    DomainShape,
    NewDomain,
    VerificationShape,
    domain_shape,
    verification_shape,
)
from hotdash.localapi.scope import domains_of, environment_of, the

router = Router(tags=["domains"])
_BUSY_SECONDS = 2
_PENDING, _VALIDATED, _DELETED = "pending_validation", "validated", "pending_deletion"


@router.post("/domains", auth=May("domain:*", "create"), response={201: Single[DomainShape]})
def create(request: Request, body: NewDomain) -> HttpResponse:
    """Make a domain; a name belongs to one environment of this server at a time."""
    name = checked_name(body.domain)
    try:
        with transaction.atomic():
            domain = Domain.objects.create(
                environment=environment_of(request.auth),
                domain=name,
                record_name=f"{PROOF_LABEL}.{name}",
                # .invalid is nobody's for ever (RFC 6761): the record leads nowhere, it only shows
                record_value=f"{secrets.token_hex(16)}.validation.invalid",
            )
    except IntegrityError:
        raise _taken(name) from None
    return single(domain_shape(domain), 201)


@router.get("/domains", auth=May("domain:*", "read"), response=Listing[DomainShape])
def index(request: Request, page: Query[Page]) -> HttpResponse:
    """List the environment's domains, newest first; deleted ones until their names are free."""
    rows = domains_of(request.auth).order_by("-created_at", "-domain_id")
    return listing_of(rows, page, domain_shape)


@router.get("/domains/{domain_id}", auth=May("domain:*", "read"), response=Single[DomainShape])
def show(request: Request, domain_id: UUID) -> HttpResponse:
    """Return a domain."""
    return single(domain_shape(the(domains_of(request.auth), domain_id, "Domain")))


@router.post(
    "/domains/{domain_id}/verify",
    auth=May("domain:*", "update"),
    response=Single[VerificationShape],
)
def verify(request: Request, domain_id: UUID) -> HttpResponse:
    """Look at the DNS; the domain is validated when its record is right."""
    domain = the(domains_of(request.auth), domain_id, "Domain")
    message = _look(domain) if domain.status == _PENDING else _stands(domain)
    return single(verification_shape(domain, message))


@router.delete("/domains/{domain_id}", auth=May("domain:*", "delete"), response={204: None})
def delete(request: Request, domain_id: UUID) -> HttpResponse:
    """Delete a domain; its name is free an hour later, and deleting it again is no error."""
    rows = domains_of(request.auth)
    the(rows, domain_id, "Domain")
    alive = rows.filter(pk=domain_id).exclude(status=_DELETED)
    alive.update(status=_DELETED, deleted_at=timezone.now())
    return empty()


def _look(domain: Domain) -> str:
    """Ask the DNS, change the domain where it says so, and return what was seen, in words.

    Raises 429 while it is asked for others.
    """
    try:
        target = cname_of(domain.record_name)
    except Unanswered as error:
        return f"The DNS could not be asked: {error}. Try again later."
    except Busy:
        sentence = "The DNS is being asked for other domains. Try again in a moment."
        raise Refused(429, sentence, retry_after=_BUSY_SECONDS) from None
    if target != domain.record_value:
        seen = f"names {target[:253]}" if target else "is not there yet"
        return (
            f"The CNAME record {domain.record_name} {seen}. It has to name {domain.record_value}."
        )
    # only if it was not deleted or validated meanwhile
    waiting = Domain.objects.filter(pk=domain.pk, status=_PENDING)
    waiting.update(status=_VALIDATED, verified_at=timezone.now())
    domain.refresh_from_db()
    return _stands(domain)


def _stands(domain: Domain) -> str:
    if domain.status == _DELETED:
        return "The domain was deleted."
    return (
        "The domain is validated. This server makes no certificate for it and routes no traffic "
        "by its name: a proxy in front of it may."
    )


def _taken(name: str) -> Refused:
    is_deleted = Domain.objects.filter(domain=name, status=_DELETED).exists()
    if is_deleted:
        sentence = "The domain was deleted a moment ago. Its name is free within two hours."
        return Refused(409, sentence, "domain_pending_deletion")
    return Refused(409, "The domain is taken on this server.", "domain_exists")
