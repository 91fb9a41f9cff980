"""An opening as search engines read it: schema.org's JobPosting, said of what the public page says too."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from hiring.accounts.settings import Profile
from hiring.kernel.links import link
from hiring.kernel.markdown import render
from hiring.openings.models import Opening
from hiring.openings.queries import zone
from hiring.openings.rules import end_of


def posting_of(opening: Opening, organisation: Profile) -> dict[str, Any]:
    """The JobPosting, ready for JSON. Pay stands in the description: it is text, and no figure to sort by."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {
            "@type": "PropertyValue",
            "name": organisation.name,
            "value": str(opening.id),
        },
        "url": link("openings.public", slug=opening.slug),
        "title": opening.title,
        "description": Markup("<p>{}</p>").format(opening.pay) + render(opening.about),
        "datePosted": opening.created_at.astimezone(zone()).date().isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": organisation.name},
        "directApply": opening.public_form,
    }
    if opening.apply_by:
        end = end_of(opening.apply_by, zone())
        said["validThrough"] = end.isoformat(timespec="minutes")
    if opening.terms == "contract":
        said["employmentType"] = "CONTRACTOR"
    if opening.place:
        said["jobLocation"] = {"@type": "Place", "address": opening.place}
    return said
