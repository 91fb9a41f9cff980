"""What gunicorn and `flask` load."""

from hiring import create_app

app = create_app()
