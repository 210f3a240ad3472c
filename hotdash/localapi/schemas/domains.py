"""Custom domains on the wire (contract 5.13)."""

from datetime import datetime
from typing import Annotated, NotRequired
from uuid import UUID

from ninja import Field, Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Text
from hotdash.localapi.domains.names import LONGEST, NAME
from hotdash.localapi.envelopes import OMIT, sent
from hotdash.localapi.models import Domain


class DnsRecordShape(TypedDict):
    """A record that has to be made where the domain's names are kept."""

    type: str
    name: str
    value: str
    purpose: str


class DomainShape(TypedDict):
    """A domain; this server validates and nothing more, so the last two are never there."""

    domain_id: UUID
    env_id: UUID
    domain: str
    status: str
    dns_records: list[DnsRecordShape]
    routing_domain: NotRequired[str]
    created_at: datetime
    verified_at: NotRequired[datetime]
    tls_provisioned_at: NotRequired[datetime]
    provisioning_error: NotRequired[str]


class VerificationShape(TypedDict):
    """What a look at the DNS came to."""

    domain_id: UUID
    domain: str
    status: str
    message: str


class NewDomain(Schema):
    """A domain to be made."""

    domain: Annotated[Text, Field(json_schema_extra={"pattern": NAME, "maxLength": LONGEST})]


def domain_shape(domain: Domain) -> DomainShape:
    """Return a domain as it is sent."""
    record: DnsRecordShape = {
        "type": "CNAME",
        "name": domain.record_name,
        "value": domain.record_value,
        "purpose": "certificate_validation",
    }
    shape: DomainShape = {
        "domain_id": domain.domain_id,
        "env_id": domain.environment_id,
        "domain": domain.domain,
        "status": domain.status,
        "dns_records": [record],
        "created_at": domain.created_at,
        "verified_at": domain.verified_at or OMIT,
    }
    return sent(shape)


def verification_shape(domain: Domain, message: str) -> VerificationShape:
    """Return the outcome of a verification as it is sent."""
    return {
        "domain_id": domain.domain_id,
        "domain": domain.domain,
        "status": domain.status,
        "message": message,
    }
