"""The peer: a check-in as a bare Flask app does it, with the product's cookie, code and SQL."""

import hashlib
import hmac
import os
import threading
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from flask import Flask, abort, redirect, request, session

from _harness import statements

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
mine = threading.local()


def mac(event_code: str) -> str:
    key = b"volunteer_service/check-in/" + event_code.encode()
    key = hmac.digest(app.secret_key.encode(), key, hashlib.sha256)
    made = hmac.digest(key, f"1\0p\0{event_code}".encode(), hashlib.sha256)
    return urlsafe_b64encode(made[:12]).decode()


@app.post("/c/<token>")
def check_in(token: str):
    event_code, signature = token[2:-16], token[-16:]
    if not hmac.compare_digest(mac(event_code), signature) or "volunteer" not in session:
        abort(403)
    if not hasattr(mine, "database"):
        mine.database = statements.connect(os.environ["BARE_DATABASE"])
    who = {"volunteer": session["volunteer"], "account": session["account"]}
    who["session"] = hashlib.sha256(session["key"].encode()).hexdigest()
    scan = {"scan": request.form["scan_id"], "code": event_code, "now": datetime.now(UTC)}
    mine.database.check_in(who | scan)
    return redirect("/e/1", 303)
