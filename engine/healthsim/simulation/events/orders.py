"""What journeys have done: procedures, vaccines, referrals."""

from healthsim.planning.event_details import Details, Immunization, Procedure, Referral
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.coding import own_codes, texts_of
from healthsim.simulation.events.encounters import provider_npis
from healthsim.simulation.events.happened import Happened
from healthsim.tables import MISSING, Columns


def procedures(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe procedures and images."""
    places = happened.of(Procedure)

    def texts(column: str) -> Ints:
        return texts_of(plan, happened, places, ("procedures", column), lambda each: _text(each, column))

    columns = {
        "person_id": block.people.ids[happened.person[places]],
        "procedure_id": happened.row_id[places],
        "encounter_id": happened.encounter_id(places, MISSING),
        "system": texts("system"),
        "code": texts("code"),
        "name": texts("name"),
        "performed_date": happened.day[places],
        "reason_code": own_codes(block, happened, places),
        "provider_npi": provider_npis(plan, block, happened, places),
    }
    return places, columns


def immunizations(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe vaccines given."""
    places = happened.of(Immunization)
    columns = {
        "person_id": block.people.ids[happened.person[places]],
        "immunization_id": happened.row_id[places],
        "encounter_id": happened.encounter_id(places, MISSING),
        "cvx": texts_of(plan, happened, places, ("immunizations", "cvx"), lambda each: _text(each, "cvx")),
        "name": texts_of(plan, happened, places, ("immunizations", "name"), lambda each: _text(each, "name")),
        "given_date": happened.day[places],
        "provider_npi": provider_npis(plan, block, happened, places),
    }
    return places, columns


def referrals(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe referrals."""
    places = happened.of(Referral)
    asked = texts_of(plan, happened, places, ("referrals", "reason_code"), lambda each: _text(each, "reason_code"))
    own = own_codes(block, happened, places)
    columns = {
        "person_id": block.people.ids[happened.person[places]],
        "referral_id": happened.row_id[places],
        "encounter_id": happened.encounter_id(places, MISSING),
        "specialty": texts_of(
            plan, happened, places, ("referrals", "specialty"), lambda each: _text(each, "specialty")
        ),
        "referred_date": happened.day[places],
        "reason_code": asked * (asked >= 0) + own * (asked < 0),
        "referring_npi": provider_npis(plan, block, happened, places),
    }
    return places, columns


def _text(details: Details, name: str) -> str | None:
    """Give a detail by its name; None for details that have none of it."""
    text: str | None = getattr(details, name, None)
    return text
