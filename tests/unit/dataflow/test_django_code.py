"""Rows that Django hands over: by its shortcuts, to its administration's pages, under the names of annotations."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.told import expected_and_told

MODELS = """\
from django.db import models


class User(models.Model):
    name = models.CharField(max_length=30)
    phone = models.CharField(max_length=30)


class Shop(models.Model):
    phone = models.CharField(max_length=30)


def send(*things):
    \"\"\"To the partner.\"\"\"
"""

SHORTCUTS = """\
from django.shortcuts import get_list_or_404, get_object_or_404
from shop import Shop, User, send


def view(request, pk):
    user = get_object_or_404(User, pk=pk)
    send(user.phone)  # told
    send(user.name)
    send(get_object_or_404(User.objects.filter(name="x"), pk=pk).phone)  # told
    send(get_object_or_404(User.objects, pk=pk).phone)  # told
    send(get_object_or_404(Shop, pk=pk).phone)
    send(get_list_or_404(User, name="x")[0].phone)  # told
"""

NAMED_ROWS = """\
from shop import User, send


def rows():
    for row in User.objects.values_list("name", "phone", named=True).order_by("name"):
        send(row.phone)  # told
        send(row.name)
        send(row[1])  # told
        send(row[0])
        send(row._asdict()["phone"])  # told
        send(row._asdict()["name"])
        send(row)  # told


def others():
    for row in User.objects.values_list("name", named=True):
        send(row)
    for row in User.objects.values_list(named=True):
        send(row.phone)  # told
        send(row.name)
    name, phone = User.objects.values_list("name", "phone", named=True).get()
    send(phone)  # told
    send(name)
"""

ADMIN = """\
from django.contrib import admin
from shop import Shop, User, send


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    actions = ["export"]
    list_display = ["shown"]

    @admin.action(description="Export")
    def export(self, request, queryset):
        for user in queryset:
            send(user.phone)  # told
            send(user.name)

    @admin.display(description="Shown")
    def shown(self, obj):
        send(obj.phone)  # told
        return obj.name

    def save_model(self, request, obj, form, change):
        send(obj.phone)  # told
        send(obj.name)


class ShopAdmin(admin.ModelAdmin):
    actions = ["export"]

    def export(self, request, queryset):
        for shop in queryset:
            send(shop.phone)

    def save_model(self, request, obj, form, change):
        send(obj.phone)


admin.site.register(Shop, ShopAdmin)
"""

ANNOTATIONS = """\
from django.db.models import F
from shop import User, send


def view():
    send(list(User.objects.annotate(number=F("phone")).values("number")))  # told
    send(list(User.objects.annotate(number=F("phone")).values("name")))
    send(list(User.objects.annotate(number=F("name")).values("number")))
    send([user.number for user in User.objects.annotate(number=F("phone"))])  # told
    send([user.number for user in User.objects.annotate(number=F("name"))])
    send(list(User.objects.values(number=F("phone"))))  # told
    send(list(User.objects.values(number=F("name"))))
    send(list(User.objects.annotate(number=F("phone")).filter(name="x").values_list("number", flat=True)))  # told
"""

KEYS = """\
from django.db import models
from shop import User, send


class Step(models.Model):
    a = b = c = d = e = f = g = models.ForeignKey("self", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)


def view(step: Step):
    user = step.a.b.c.d.e.f.g.a.b.c.d.e.f.g.user
    send(user)  # told
    send(user.pk)
    send({"kind": user._meta.label_lower, "id": user.pk})
    send(f"{user._meta.model_name}:{user.pk}")
    send({"kind": user._meta.label_lower, "number": user.phone})  # told


def made(phone):
    user = User(pk=User.objects.get(name="x").phone)
    send(user.pk)  # told
    send(user._meta.label)
"""

ACCOUNTS = """\
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from shop import User, send


class Account(AbstractBaseUser, User):
    USERNAME_FIELD = "phone"


class Guest(AbstractBaseUser, User):
    is_anonymous = models.BooleanField()


def view(account: Account, guest: Guest):
    if account.is_anonymous:
        send(account.phone)
    if account.is_authenticated:
        send(account.phone)  # told
    if guest.is_anonymous:
        send(guest.phone)  # told
"""

TUPLES = """\
from shop import User, send


def view():
    for pk, name, phone in User.objects.values_list("pk", "name", "phone").iterator():
        send(pk, name)
        send(phone)  # told
    for row in User.objects.values("name", "phone").order_by("name")[:10]:
        send(row["name"])
        send(row["phone"])  # told
    send(User.objects.values_list("name", "phone").first()[0])
    send(User.objects.values_list("name", "phone").first()[1])  # told
    numbers = dict(User.objects.values_list("name", "phone").distinct())
    send(list(numbers))
    send(list(numbers.values()))  # told
    send(User.objects.values_list("phone").count())
    send(list(User.objects.values()))  # told
    send(set(User.objects.values_list("name", flat=True).distinct()))


async def each():
    async for name, phone in User.objects.values_list("name", "phone"):
        send(name)
        send(phone)  # told
"""


@pytest.mark.parametrize("code", [SHORTCUTS, NAMED_ROWS, ADMIN, ANNOTATIONS, KEYS, ACCOUNTS, TUPLES])
def test_rows_are_known(code: str, tmp_path: Path) -> None:
    expected, told = expected_and_told(tmp_path, code, models=MODELS)
    assert told == expected
