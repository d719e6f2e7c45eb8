from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from purposelint.config import Annotations, load
from purposelint.config.model import Limits, Origin
from purposelint.errors import ConfigError

PACK = """
[pack]
name = "vendor"
description = "A vendor of adverts"

[purposes]
"vendor.lookalikes" = "Find people like these"
[recipients.vendor]
name = "Vendor"

[[sink]]
id = "vendor-upload"
match = "vendor.upload(people)"
purpose = "vendor.lookalikes"
recipient = "vendor"
checked = { package = "vendor", version = "1.0", at = "vendor/api.py:3" }

[[source]]
id = "vendor-field"
match = "vendor.fields.Phone"
data = "user.contact.phone_number"

[[source]]
id = "vendor-otp"
match = "vendor.otp.Device.number"
data = "user.contact.phone_number"
purposes = ["security.authentication"]

[[model]]
module = "vendor.codec"
code = "def pack(x): return x"
"""
PROJECT = '[purposes]\nservice = "Deliver"\n'

Loader = Callable[[str], Annotations]


@pytest.fixture
def folder(rules_folder: Path) -> Path:
    (rules_folder / "vendor.toml").write_text(PACK)
    return rules_folder


@pytest.fixture
def load_text(tmp_path: Path, folder: Path) -> Loader:
    def load_text(text: str) -> Annotations:
        (tmp_path / "purposes.toml").write_text(text)
        return load(tmp_path / "purposes.toml", root=tmp_path)

    return load_text


def test_the_entries_of_a_pack_come_with_its_name_and_its_words(load_text: Loader) -> None:
    annotations = load_text(PROJECT)
    (sink,) = annotations.sinks
    assert (sink.id, sink.pack, sink.origin) == ("vendor-upload", "vendor", Origin("rules/vendor.toml", 13))
    assert annotations.purposes["vendor.lookalikes"].meaning == "Find people like these"
    assert annotations.recipients["vendor"].name == "Vendor"
    assert [(model.module, model.pack) for model in annotations.models] == [("vendor.codec", "vendor")]
    assert annotations.packs == ("taxonomy", "vendor")


def test_a_pack_applies_without_any_annotation_file(tmp_path: Path, folder: Path) -> None:
    annotations = load(None, root=tmp_path)
    assert annotations.path is None
    assert [sink.id for sink in annotations.sinks] == ["vendor-upload"]


def test_a_source_of_a_pack_without_purposes_is_a_proposal_only(load_text: Loader) -> None:
    (source,) = load_text(PROJECT).sources
    assert (source.id, source.pack) == ("vendor-otp", "vendor")
    assert source.limits == Limits(purposes=("security.authentication",))


def test_a_source_of_a_pack_counts_where_the_project_says_what_its_category_is_for(load_text: Loader) -> None:
    sources = load_text('[data."user.contact"]\npurposes = ["service"]\n').sources
    assert [source.id for source in sources] == ["vendor-field", "vendor-otp"]
    sources = load_text('[data."user.contact.email"]\npurposes = ["service"]\n').sources
    assert [source.id for source in sources] == ["vendor-otp"]


def test_what_the_project_says_of_a_category_replaces_the_purposes_of_a_packs_source(load_text: Loader) -> None:
    sources = load_text('[data."user.contact"]\npurposes = ["service"]\nretention = "1d"\n').sources
    assert [source.limits for source in sources] == [Limits(purposes=("service",), retention=86400.0)] * 2


def test_a_packs_source_forbids_no_purpose_that_the_project_has_made_up(load_text: Loader) -> None:
    (source,) = load_text('[purposes]\nrobocalls = "Call"\n"advertising.ours" = "Ours"\n').sources
    assert source.limits.purposes == ("security.authentication", "robocalls")


def test_a_sink_of_the_project_is_like_those_of_a_pack_and_says_what_they_are_for(
    load_text: Loader, folder: Path
) -> None:
    (folder / "ways.toml").write_text(
        '[pack]\nname = "ways"\ndescription = "Ways out"\n[[sink]]\nid = "list"\nmatch = "sms.subscribe(number)"\n'
        'purpose = "marketing"\n[recipients.sms]\nrole = "processor"\n'
        '[[sink]]\nid = "sms"\nmatch = "sms.send(to, body)"\nexcept = "sms.send(to)"\nrecipient = "sms"\n'
        '[[sink]]\nid = "call"\nmatch = "sms.call(text)"\nrecipient = "sms"\nstorage = { retention = "1d" }\n'
    )
    text = '[[sink]]\nid = "codes"\nlike = {like}\nwithin = "accounts.**"\npurpose = "security"\n'
    codes, *_ = load_text(text.replace("{like}", '"sms"')).sinks
    assert [pattern.text for pattern in codes.match] == ["sms.send(to, body)"]
    assert [pattern.text for pattern in codes.excluded] == ["sms.send(to)"]
    assert (codes.recipient, codes.purpose, codes.pack, codes.storage) == ("sms", "security", None, None)
    codes, *_ = load_text(text.replace("{like}", '["sms", "call"]')).sinks
    assert [pattern.text for pattern in codes.match] == ["sms.send(to, body)", "sms.call(text)"]
    assert (codes.recipient, codes.storage) == ("sms", None)  # what they agree on
    codes, *_ = load_text(text.replace("{like}", '"ways"')).sinks  # the pack, as far as it leaves the purpose open
    assert [pattern.text for pattern in codes.match] == ["sms.send(to, body)", "sms.call(text)"]


def test_a_sink_that_is_like_none_is_told(load_text: Loader) -> None:
    with pytest.raises(ConfigError) as told:
        load_text(
            '[[sink]]\nid = "a"\nlike = "vendor-uplod"\npurpose = "service"\n'
            '[[sink]]\nid = "b"\nlike = "b"\npurpose = "service"\n[[sink]]\nid = "c"\nlike = []\npurpose = "service"\n'
        )
    assert [str(mistake).partition(": ")[2] for mistake in told.value.mistakes] == [
        'sink[0].like: "vendor-uplod" is the id of no sink, nor the name of a pack that has any;'
        ' did you mean "vendor-upload"?',
        'sink[1].like: "b" is this sink itself; give it an id of its own',
        'sink[2]: "match" is missing; say which code it is: match = "vendor.Client.send(body)"',
        "sink[2].like: names no sink",
    ]


def test_the_project_overrides_entries_and_words_of_the_same_name(load_text: Loader) -> None:
    annotations = load_text(
        '[purposes]\n"vendor.lookalikes" = "Ours"\n[recipients.vendor]\nrole = "processor"\n'
        '[[sink]]\nid = "vendor-upload"\nmatch = "vendor.upload(emails)"\npurpose = "service"\n'
        '[[model]]\nmodule = "vendor.codec"\ncode = "pack = None"\n'
    )
    assert [(sink.pack, sink.purpose) for sink in annotations.sinks] == [(None, "service")]
    assert annotations.purposes["vendor.lookalikes"].meaning == "Ours"
    assert annotations.recipients["vendor"].role == "processor"
    assert [model.pack for model in annotations.models] == [None]


def test_the_project_may_name_what_packs_declare(load_text: Loader) -> None:
    annotations = load_text(
        '[[source]]\nid = "a"\nmatch = "user.a"\npurposes = ["vendor.lookalikes"]\nshare_with = ["vendor"]\n'
        '[[exception]]\nsource = "a"\nsink = "vendor-upload"\nreason = "r"\nowner = "o"\nexpires = 2027-01-31\n'
    )
    assert [source.id for source in annotations.sources] == ["a", "vendor-otp"]


def test_packs_are_chosen_by_name(load_text: Loader, folder: Path) -> None:
    (folder / "models.toml").write_text('[[passthrough]]\nmatch = "lib.same(x)"\nto = ["return"]\n')
    assert load_text('packs = ["vendor"]').packs == ("models", "taxonomy", "vendor")
    assert load_text("packs = []").packs == ("models", "taxonomy")  # these judge nothing
    assert load_text('exclude_packs = ["vendor", "models"]').packs == ("taxonomy",)


def test_a_name_of_no_pack_is_told(load_text: Loader) -> None:
    with pytest.raises(ConfigError) as raised:
        load_text('packs = ["vendr"]\nexclude_packs = ["quite-different"]')
    assert [mistake.message for mistake in raised.value.mistakes] == [
        'packs[0]: "vendr" is no rule pack; did you mean "vendor"?',
        'exclude_packs[0]: "quite-different" is no rule pack; there are: taxonomy, vendor',
    ]


def test_packs_are_checked_as_the_projects_file_is(load_text: Loader, folder: Path) -> None:
    wrong = PACK.replace('version = "1.0"', "version = 1").replace('description = "A vendor of adverts"\n', "")
    (folder / "vendor.toml").write_text(wrong + '[codes]\nPUR001 = "off"\n')
    with pytest.raises(ConfigError) as raised:
        load_text(PROJECT)
    assert [str(mistake).partition("; ")[0] for mistake in raised.value.mistakes] == [
        'rules/vendor.toml:2: pack: "description" is missing',
        "rules/vendor.toml:15: sink[0].checked.version: must be a string, not 1",
        "rules/vendor.toml:31: codes: there is no such key",
    ]


def test_a_sink_of_a_pack_may_leave_its_purpose_to_the_project_and_one_of_a_project_may_not(
    load_text: Loader, folder: Path
) -> None:
    neutral = '[[sink]]\nid = "vendor-way-out"\nmatch = "vendor.post(data)"\n'
    (folder / "ways.toml").write_text('[pack]\nname = "ways"\ndescription = "Ways out"\n' + neutral)
    (sink,) = (sink for sink in load_text(PROJECT).sinks if sink.pack == "ways")
    assert (sink.id, sink.purpose, sink.recipient) == ("vendor-way-out", None, None)
    with pytest.raises(ConfigError, match="says of no use"):
        load_text(PROJECT + neutral)


def test_a_project_has_no_checked_and_packs_have_no_exceptions(load_text: Loader) -> None:
    with pytest.raises(ConfigError, match=r"sink\[0\].checked: there is no such key"):
        load_text('[[sink]]\nid = "a"\nmatch = "a.b()"\nexposure = true\nchecked = {}\n')


def test_the_line_of_an_entry_is_right_behind_a_model_that_looks_like_toml(load_text: Loader, folder: Path) -> None:
    model = '[[model]]\nmodule = "m"\ncode = """\n[[sink]]\nmatch = 1\n"""\n'
    (folder / "vendor.toml").write_text(model + PACK)
    (sink,) = load_text(PROJECT).sinks
    assert sink.origin.line == 13 + 6


def test_packs_of_other_distributions_are_found_and_not_imported(
    load_text: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "acme_rules"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "acme.toml").write_text('[[sink]]\nid = "acme"\nmatch = "acme.send(x)"\npurpose = "advertising"\n')
    info = tmp_path / "site" / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[purposelint.rules]\nacme = acme_rules\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    annotations = load_text(PROJECT)
    assert [(sink.pack, sink.origin.path) for sink in annotations.sinks] == [
        ("acme", "acme_rules/acme.toml"),
        ("vendor", "rules/vendor.toml"),
    ]


def test_a_convention_names_the_class_of_what_is_called_so_and_its_pack(load_text: Loader, folder: Path) -> None:
    convention = '[[convention]]\nnames = ["session", "db"]\ntype = "vendor.Session"\n'
    (folder / "vendor.toml").write_text(convention + PACK)

    (of_pack,) = [each for each in load_text("").conventions if each.pack == "vendor"]
    own = load_text(convention).conventions[0]

    assert (of_pack.names, of_pack.type) == (("session", "db"), "vendor.Session")
    assert own.pack is None
