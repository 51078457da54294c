"""No page shows its reader a link that leads nowhere."""

import re
from collections import deque
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make_doors
from tests.make_doors import PEOPLE
from tests.signing import sign_in
from volunteer_service.db import transaction

LINK = re.compile(r'<a [^>]*href="([^"]+)"')
#: A calendar or a list has no last page; what stands behind so many others repeats itself.
FARTHEST = 300


@pytest.mark.parametrize("letter", PEOPLE)
def test_every_link_leads_somewhere(app: Flask, client: FlaskClient, letter: str) -> None:
    with app.app_context(), transaction():
        make_doors.things()
    if letter != "-":
        sign_in(client, PEOPLE[letter])
    found, waiting = {"/": "(the beginning)"}, deque(["/"])
    while waiting and len(found) < FARTHEST:
        path = waiting.popleft()
        answer = client.get(path, follow_redirects=True, buffered=True)
        assert answer.status_code < 400, (path, "linked from", found[path])
        if answer.mimetype != "text/html":
            continue
        for link in LINK.findall(answer.get_data(as_text=True)):
            target = urldefrag(urljoin(path, unescape(link)))[0]
            if target.startswith("/") and target not in found:
                found[target] = path
                waiting.append(target)
