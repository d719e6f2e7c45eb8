"""Who asks: `request.user` is an account of the project's own model, wherever the project says which one that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

MODELS = """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    phone = models.CharField(max_length=30)
    city = models.CharField(max_length=30)

    class Meta:
        abstract = True


class User(Person):
    pass


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

CODE = """\
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from rest_framework.views import APIView
from shop import send


@login_required
def me(request):
    send(request.user.phone)  # told
    send(request.user.city)
    told_of(request.user)


def told_of(user):
    send({"number": user.phone})  # told
    send({"place": user.city})


class Mine(APIView):
    def post(self, request):
        send(self.request.user.phone)  # told
        send(request.user.city)


def all_of_them():
    for user in get_user_model().objects.filter(is_active=True):
        send(user.phone)  # told
        send(user.city)


def a_user_of_something_else(job):
    send(job.user.phone)
"""
BY_VARIABLE = {
    "manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.base")\n',
    "site/__init__.py": "",
    "site/base.py": 'AUTH_USER_MODEL = "shop.User"\n',
}
OTHER = {"other.py": "class User:\n    phone = city = ''\n"}


@pytest.mark.parametrize(
    "files",
    [BY_VARIABLE, {"settings.py": 'AUTH_USER_MODEL = "shop.User"\n', **OTHER}, {}],
    ids=["by the environment variable", "by the name of the module", "by what it inherits from"],
)
def test_who_asks_is_an_account_of_the_project(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    expected, told = expected_and_told(tmp_path, CODE, models=MODELS)
    assert told == expected
