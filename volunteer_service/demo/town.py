"""The place: a sub-district with communities, grids, staff and teams, beside an empty one."""

from datetime import date

from volunteer_service.areas import desk_contacts, tree
from volunteer_service.demo import names
from volunteer_service.demo.sign_ins import PASSWORD, STAFF
from volunteer_service.demo.stage import Days, Town
from volunteer_service.people.authentication import accounts
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.teams import founding, role_grants
from volunteer_service.teams.models import Team


def build(days: Days) -> Town:
    """Return the sub-district with everything that does not depend on the day."""
    at, operator = days.on(days.founded, 9), Actor.system("cli")
    root, neighbour = (
        tree.add(None, "subdistrict", name, by=operator, at=at)
        for name in (names.SUBDISTRICT, names.NEIGHBOUR)
    )
    town = Town(days, root, neighbour)
    for name in names.COMMUNITIES:
        community = tree.add(town.root.id, "community", name, by=operator, at=at)
        town.communities[name] = community
        for grid in names.GRIDS:
            tree.add(community.id, "grid", grid, by=operator, at=at)
    _employ(town)
    _open_desks(town)
    for plan in names.TEAMS:
        town.teams.append(_found(town, plan))
    return town


def _employ(town: Town) -> None:
    """Open the accounts of the staff, each with its role over both sub-districts.

    So a person who imports the example's workbooks in the demo can go on with them.
    """
    at, operator = town.days.on(town.days.founded, 9, 30), Actor.system("cli")
    for member in STAFF:
        account = accounts.open_account(
            member.login, PASSWORD, name=member.name, volunteer=None, by=operator, at=at
        )
        for area in (town.root, town.neighbour):
            role_grants.grant(account.id, member.role, area_id=area.id, by=operator, at=at)
        town.staff[member.login] = actor_of(account, door="page")


def _open_desks(town: Town) -> None:
    """Set where and when the staff of the sub-district and of each community are found."""
    by, at = town.staff["coordinator"], town.days.on(town.days.founded, 9, 45)
    desks = [(town.root, f"{names.SUBDISTRICT}政务服务大厅")]
    desks += [(area, f"{name}居民委员会一楼") for name, area in town.communities.items()]
    for n, (area, address) in enumerate(desks):
        contact = desk_contacts.Contact(address, names.OPENING_HOURS, names.desk_phone(n))
        desk_contacts.set_contact(area.id, contact, by=by, at=at)


def _found(town: Town, plan: names.TeamPlan) -> Team:
    return founding.create(
        founding.TeamPlan(
            name=plan.name,
            area_id=town.communities[plan.community].id,
            recording_unit=f"{plan.community}居民委员会",
            brand=plan.brand,
            founded_on=date.fromisoformat(plan.founded),
        ),
        by=town.staff["coordinator"],
        at=town.days.on(town.days.founded, 10),
    )
