"""What things are usually called, where several packages have such things."""

from __future__ import annotations

from pathlib import Path

from support.told import expected_and_told

PYRAMID = """\
from pyramid.view import view_config


def number_of(request):
    return request.params["number"]


def includeme(config):
    config.add_request_method(number_of, "number", property=True)
"""
CODE = """\
from django.http import HttpRequest
from django.shortcuts import render
from shop import send


def middleware(get_response):
    def inner(request):
        request.line = request.GET["number"]
        request.page = request.GET["page"]
        return get_response(request)

    return inner


def view(request):
    send(request.line)  # told
    send(request.page)
    send(request.number)


def of_a_class_with_that_name(asked: HttpRequest, job):
    send(asked.agent)  # told
    send(asked.line)  # told
    send(job.line)
    send(job.agent)


def looked_at_on_one_of_two_ways(request, told):
    if told:
        send(request.GET["page"])
    send(request.line)  # told
"""
SOURCE = """
[[source]]
id = "number"
match = ['request.GET["number"]', 'request.params["number"]', "request.agent"]
purposes = ["security"]
"""


def test_a_request_is_of_the_package_that_the_file_names(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(PYRAMID)
    (tmp_path / "more.py").write_text(PYRAMID)
    expected, told = expected_and_told(tmp_path, CODE, SOURCE)
    assert told == expected
