"""The WSGI entry: ``granian --interface wsgi wsgi:app``, gunicorn, uWSGI, any other."""

from volunteer_service.app import create_app

app = create_app()
