"""The directory as rows of HSDS tables: what guide.db stores and what an export writes."""

from fieldref.guide.service import Directory, Place, Service

Cells = dict[str, str | float | None]


def rows_of(directory: Directory) -> dict[str, list[Cells]]:
    """Return the rows of every table, those of services in their order.

    Only places of services are among them, so where a confidential service is cannot be.
    """
    services = directory.services
    places = {each.place.id: each.place for each in services if each.place}.values()
    organizations = {each.organization_id: each.organization for each in services if each.organization_id}
    noted = {key.id for key in directory.texts if key.table == "schedules"}
    return {
        "organizations": [{"id": id, "name": name, "description": ""} for id, name in organizations.items()],
        "locations": [_location(place) for place in places],
        "addresses": [_address(place) for place in places if place.address or place.country],
        "services": [_service(service) for service in services],
        "service_at_locations": [
            {"id": f"{each.id}-place", "service_id": each.id, "location_id": each.place.id}
            for each in services
            if each.place
        ],
        "phones": [
            {
                "id": phone.id,
                "service_id": each.id,
                "number": phone.number,
                "type": phone.type,
                "description": phone.description,
            }
            for each in services
            for phone in each.phones
        ],
        "schedules": [
            {
                "id": each.id,
                "service_id": each.id,
                "opening_hours": each.hours,
                "description": each.hours_note,
            }
            for each in services
            if each.hours or each.hours_note or each.id in noted
        ],
        "texts": [{**key._asdict(), "text": text} for key, text in directory.texts.items()],
    }


def _location(place: Place) -> Cells:
    return {
        "id": place.id,
        "name": place.name,
        "location_type": "physical",
        "latitude": place.latitude,
        "longitude": place.longitude,
        "transportation": place.transportation,
    }


def _address(place: Place) -> Cells:
    # HSDS requires province and postal code; few places on a route have them.
    return {
        "id": f"{place.id}-address",
        "location_id": place.id,
        "address_1": place.street,
        "city": place.city,
        "state_province": "",
        "postal_code": "",
        "country": place.country,
        "address_type": "physical",
    }


def _service(service: Service) -> Cells:
    return {
        "id": service.id,
        "organization_id": service.organization_id,
        "name": service.name,
        "description": service.description,
        "alert": service.alert,
        "status": service.status,
        "needs": ";".join(service.needs),
        "eligibility": ";".join(service.eligibility),
        "nationality": ";".join(service.nationality),
        "access": ";".join(service.access),
        "documents": service.documents,
        "cost": service.cost,
        "languages": ";".join(service.languages),
        "confidential": "yes" if service.confidential else "no",
        "assured_date": service.assured.isoformat() if service.assured else "",
        "assurer": service.assurer,
        "valid_from": service.valid_from.isoformat() if service.valid_from else "",
        "valid_to": service.valid_to.isoformat() if service.valid_to else "",
    }
