"""The OpenAPI 3.1 document and its browsable page, both served by ourselves."""

from typing import Any

from flask import Flask, Response, jsonify, render_template
from flask_smorest import Api

from volunteer_service.api.shared.auth import public

DESCRIPTION = """\
Everything that the pages do, for programs: volunteers, teams, events, check-in, service records,
points, gifts, star ratings, certificates and imports.

Every call needs a token: sign in, make one at [API tokens](/me/tokens), and send it as
`Authorization: Bearer vs_...`. Only the check of a certificate and the public notice need none.

Lists, repeated calls, versions and every refusal's code: `docs/api.md` of the source.
"""

CONFIG = {
    "API_TITLE": "volunteer_service API",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {"info": {"description": DESCRIPTION}},
    # smorest would serve its own copy with assets from a CDN; ours are below.
    "OPENAPI_URL_PREFIX": None,
}

PROBLEMS = {
    "400": "The request cannot be read, or its cursor or key is invalid.",
    "401": "No token, or it is unknown, expired or revoked.",
    "403": "The token or its owner may not do this.",
    "404": "Not there, or not for this caller's eyes.",
    "409": "Somebody changed it in between.",
    "412": "The ETag in If-Match is not the current one. `version` is the current one, and `both`"
    " holds `theirs` and `mine` of each field that differs.",
    "415": "The body is not JSON.",
    "422": "A field is wrong or a rule refuses; `code` says which, `detail` what to do.",
    "428": "If-Match is missing.",
    "429": "Too many tries; see Retry-After.",
    "503": "The database is away; see Retry-After.",
}


def describe(api: Api) -> None:
    """Name the security scheme and the problem schema."""
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    components.schema(
        "Problem",
        {
            "type": "object",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "code": {"type": "string", "description": "Stable; see docs/api.md."},
                "detail": {"type": "string"},
                "field": {"type": "string"},
                "errors": {"type": "object"},
                "request_id": {"type": ["string", "null"]},
            },
        },
    )


def finish(app: Flask, api: Api) -> None:
    """Give every operation its possible problems, and serve document and docs page."""
    document = _complete(api.spec.to_dict(), app)

    @app.get("/api/v1/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(document)

    @app.get("/api/docs")
    @public
    def api_docs() -> str:
        return render_template("api_docs.html")


def _complete(document: dict[str, Any], app: Flask) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    open_to_all, names = _public_paths(app), _names(app)
    groups = {tag["name"]: tag.pop("description") for tag in document["tags"]}
    document["tags"] = [{"name": words} for words in groups.values()]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            operation["operationId"] = names[path, method.upper()]
            operation["tags"] = [groups[name] for name in operation["tags"]]
            operation["responses"].pop("default", None)
            for status, description in PROBLEMS.items():
                operation["responses"][status] = {"description": description, "content": content}
            if path not in open_to_all:
                operation.setdefault("security", [{"bearer": []}])
    return document


def _public_paths(app: Flask) -> set[str]:
    return {
        _as_template(rule.rule)
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "guard", None) == "public"
    }


def _names(app: Flask) -> dict[tuple[str, str], str]:
    """Set what generated clients call each operation, for example ``events_publish_event``."""
    return {
        (_as_template(rule.rule), method): rule.endpoint.removeprefix("api_").replace(".", "_")
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def _as_template(rule: str) -> str:
    return rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
