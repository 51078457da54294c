"""The cards that a batch printed, for as long as they are in use."""

from volunteer_service.lists.acts import batches
from volunteer_service.lists.acts.models import Batch
from volunteer_service.lists.acts.refusals import BatchNotReady
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.people.cards.volunteer_cards import PrintedCard


def cards_of(batch: Batch, *, by: Actor) -> list[PrintedCard]:
    """Return the cards of a batch that are in use; :class:`BatchNotReady` where none was printed.

    A card that was ended or reprinted since is left out, and so is that of a person who is no
    longer in the actor's care.
    """
    if batch.state != "done" or not batches.act_of(batch).gives_cards:
        raise BatchNotReady()
    rows = batches.done_of(batch)
    return volunteer_cards.printed_before(rows, print_key=batch.values["print_key"], by=by)
