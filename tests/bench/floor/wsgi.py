"""The floor that the site is measured against: a Flask page of 10 kB that is always the same."""

from flask import Flask

PAGE = "<!doctype html><title>The floor</title>".ljust(10_000, ".")

app = Flask(__name__)


@app.get("/")
def floor() -> str:
    return PAGE
