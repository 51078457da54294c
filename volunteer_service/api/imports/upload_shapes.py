"""What an upload that was sent piece by piece looks like over the API."""

from marshmallow import fields, validate

from volunteer_service.api.shared.shapes import In, Text
from volunteer_service.fields import LARGEST
from volunteer_service.workbooks.receiving import MOST_FILES


class UploadedIn(In):
    """What was uploaded piece by piece, by the last part of each address, and where it lands."""

    uploads = fields.List(
        fields.String(validate=validate.Length(1, 40)),
        required=True,
        validate=validate.Length(1, MOST_FILES),
    )
    sub_district = Text(60, load_default=None)
    area_id = fields.Integer(load_default=None, validate=validate.Range(1, LARGEST))
