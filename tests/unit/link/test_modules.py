"""Which file an import means. Projects are lists of paths: nothing is read."""

from __future__ import annotations

import pytest

from purposelint.link.modules import Modules


def test_a_module_is_found_beside_the_script_that_imports_it() -> None:
    modules = Modules(["app.py", "ads.py"])
    assert modules.absolute("app.py", "ads") == "ads.py"
    assert modules.absolute("app.py", "adverts") is None


def test_a_package_is_its_init_and_a_dotted_name_leads_into_it() -> None:
    modules = Modules(["main.py", "shop/__init__.py", "shop/orders.py"])
    assert modules.absolute("main.py", "shop") == "shop/__init__.py"
    assert modules.absolute("main.py", "shop.orders") == "shop/orders.py"
    assert modules.absolute("main.py", "shop.order") is None


def test_inside_a_package_an_absolute_import_starts_above_the_package() -> None:
    modules = Modules(["shop/__init__.py", "shop/orders.py", "shop/json.py"])
    assert modules.absolute("shop/orders.py", "shop.json") == "shop/json.py"
    assert modules.absolute("shop/orders.py", "json") is None


def test_without_init_files_a_folder_is_a_namespace_package() -> None:
    modules = Modules(["main.py", "shop/orders.py"])
    assert modules.absolute("main.py", "shop") == "shop/"
    assert modules.absolute("main.py", "shop.orders") == "shop/orders.py"
    assert modules.absolute("main.py", "store") is None


def test_a_regular_package_goes_before_a_namespace_folder_of_the_same_name() -> None:
    modules = Modules(["tests/shop/test_orders.py", "shop/__init__.py"])
    assert modules.absolute("tests/test_all.py", "shop") == "shop/__init__.py"


def test_code_below_src_is_imported_without_src() -> None:
    modules = Modules(["src/shop/__init__.py", "src/shop/orders.py", "tests/test_orders.py"])
    assert modules.absolute("tests/test_orders.py", "shop.orders") == "src/shop/orders.py"
    assert modules.absolute("src/shop/orders.py", "shop") == "src/shop/__init__.py"
    assert modules.name_of("src/shop/orders.py") == "shop.orders"


def test_a_package_that_a_script_is_run_in_is_imported_from_inside_too() -> None:
    inside = ["__init__.py", "manage.py", "core/__init__.py", "core/io.py", "users.py"]
    modules = Modules([f"studio/{path}" for path in inside])
    assert modules.absolute("studio/users.py", "core.io") == "studio/core/io.py"
    assert modules.absolute("studio/users.py", "studio.core.io") == "studio/core/io.py"
    assert modules.absolute("studio/users.py", "io") is None
    assert modules.names_of("studio/core/io.py") == ("studio.core.io", "core.io")


def test_a_name_that_two_roots_have_is_the_importers_own() -> None:
    modules = Modules(["one/settings.py", "one/app.py", "two/settings.py", "two/app.py"])
    assert modules.absolute("one/app.py", "settings") == "one/settings.py"
    assert modules.absolute("two/app.py", "settings") == "two/settings.py"


def test_a_name_that_two_other_roots_have_is_neither() -> None:
    modules = Modules(["one/settings.py", "two/settings.py", "three/app.py"])
    assert modules.absolute("three/app.py", "settings") is None
    assert Modules(["one/settings.py", "three/app.py"]).absolute("three/app.py", "settings") == "one/settings.py"


def test_a_module_does_not_import_itself() -> None:
    modules = Modules(["jobs/queue.py", "jobs/worker.py"])
    assert modules.absolute("jobs/worker.py", "queue") == "jobs/queue.py"
    assert modules.absolute("jobs/queue.py", "queue") is None
    assert modules.absolute("jobs/worker.py", "queue") == "jobs/queue.py"


def test_a_package_imports_itself_by_its_dotted_name() -> None:
    modules = Modules(["shop/__init__.py", "shop/records/__init__.py", "shop/records/guests.py"])
    assert modules.absolute("shop/records/__init__.py", "shop.records") == "shop/records/__init__.py"
    assert modules.absolute("shop/records/__init__.py", "shop.records.guests") == "shop/records/guests.py"
    assert modules.absolute("shop/records/__init__.py", "records") is None


@pytest.mark.parametrize(
    ("level", "name", "found"),
    [
        (1, "orders", "shop/api/orders.py"),
        (1, "", "shop/api/__init__.py"),
        (2, "models", "shop/models.py"),
        (2, "api.orders", "shop/api/orders.py"),
        (2, "", "shop/__init__.py"),
        (2, "orders", None),
        (1, "models", None),
    ],
)
def test_a_relative_import_counts_its_dots(level: int, name: str, found: str | None) -> None:
    modules = Modules(["shop/__init__.py", "shop/models.py", "shop/api/__init__.py", "shop/api/orders.py"])
    assert modules.relative("shop/api/orders.py", level, name) == found
    assert modules.relative("shop/api/__init__.py", level, name) == found


def test_a_submodule_is_a_child_of_its_package_and_a_module_has_none() -> None:
    modules = Modules(["shop/__init__.py", "shop/orders.py", "plain/tool.py"])
    assert modules.child("shop/__init__.py", "orders") == "shop/orders.py"
    assert modules.child("plain/", "tool") == "plain/tool.py"
    assert modules.child("shop/__init__.py", "order") is None
    assert modules.child("shop/orders.py", "orders") is None


def test_a_file_is_known_under_its_own_name_and_that_from_the_projects_root() -> None:
    modules = Modules(["lib/shop/__init__.py", "lib/shop/orders.py", "app.py"])
    assert modules.names_of("lib/shop/orders.py") == ("shop.orders", "lib.shop.orders")
    assert modules.names_of("lib/shop/__init__.py") == ("shop", "lib.shop")
    assert modules.names_of("app.py") == ("app",)


def test_the_first_name_of_a_pattern_is_asked_of_all_roots() -> None:
    modules = Modules(["src/shop/__init__.py", "src/shop/orders.py", "tool.py"])
    assert modules.defines_top("shop")
    assert modules.defines_top("tool")
    assert not modules.defines_top("user")
