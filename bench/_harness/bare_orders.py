"""The peer: an order as a bare Flask app makes it, saying what the product says (see ``echo``)."""

import hashlib
import os
import pickle
import threading
from pathlib import Path

import psycopg
from flask import Flask, jsonify, request

app = Flask(__name__)
echo = pickle.loads(Path(os.environ["BARE_ECHO"]).read_bytes())
mine = threading.local()


@app.post("/api/v1/redemptions")
def order():
    if not hasattr(mine, "database"):
        mine.database = psycopg.connect(os.environ["BARE_DATABASE"])
    token = request.headers["Authorization"].removeprefix("Bearer ")
    asked = request.get_json()
    given = {
        "token": hashlib.sha256(token.encode()).hexdigest(),
        "key": request.headers["Idempotency-Key"],
        "gift": asked["gift_id"],
    }
    with mine.database.transaction():
        echo.say(mine.database, given)
    return jsonify(state="ordered", **asked), 201
