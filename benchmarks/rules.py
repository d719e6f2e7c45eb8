"""The sources and sinks of the comparison, once, and as each tool wants them.

Plain on purpose, so that all three can say the same: a source is an attribute of a class (Semgrep, which knows no
classes, takes the attribute of anything), a sink is an argument of a function of a library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """``sources``: class and attribute."""

    sources: tuple[tuple[str, str], ...]

    def purposelint(self) -> str:
        """A purposes.toml that uses no rule pack that judges."""
        lines = ['packs = ["taxonomy"]', "[purposes]", 'security = "S"', 'advertising = "A"']
        for number, (cls, attribute) in enumerate(self.sources):
            lines += [
                "[[source]]",
                f'id = "source-{number}"',
                f'match = "{cls}.{attribute}"',
                'purposes = ["security"]',
            ]
        for name in SINKS:
            lines += ["[[sink]]", f'id = "{name}"', f'match = "{name}()"', 'purpose = "advertising"']
        return "\n".join(lines) + "\n"

    def semgrep(self) -> str:
        """A file of rules in Semgrep's taint mode (JSON is YAML)."""
        attributes = sorted({attribute for _, attribute in self.sources})
        rule = {
            "id": "flow",
            "mode": "taint",
            "languages": ["python"],
            "severity": "ERROR",
            "message": "flow",
            "pattern-sources": [{"pattern": f"$X.{attribute}"} for attribute in attributes],
            "pattern-sinks": [{"pattern": _semgrep_sink(name)} for name in SINKS],
        }
        return json.dumps({"rules": [rule]}, indent=1)

    def pysa(self) -> tuple[str, str]:
        """Pysa's taint.config and models."""
        config = {
            "sources": [{"name": "Personal"}],
            "sinks": [{"name": "Use"}],
            "features": [],
            "rules": [{"name": "flow", "code": 9001, "sources": ["Personal"], "sinks": ["Use"], "message_format": "f"}],
        }
        models = [f"{cls}.{attribute}: TaintSource[Personal]" for cls, attribute in self.sources]
        models += [_pysa_sink(name) for name in SINKS]
        return json.dumps(config, indent=1), "\n".join(models) + "\n"


SINKS = (
    "logging.Logger.debug",
    "logging.Logger.info",
    "logging.Logger.warning",
    "logging.Logger.error",
    "json.dumps",
    "subprocess.run",
)

RULES = {
    "pretix": Rules(
        (
            ("pretix.base.models.orders.Order", "email"),
            ("pretix.base.models.orders.Order", "phone"),
            ("pretix.base.models.customers.Customer", "email"),
            ("pretix.base.models.auth.User", "email"),
        )
    ),
    "weblate": Rules(
        (("weblate.auth.models.User", "email"), ("weblate.auth.models.User", "full_name")),
    ),
    "superset": Rules(
        (
            ("flask_appbuilder.security.sqla.models.User", "email"),
            ("superset.reports.models.ReportRecipients", "recipient_config_json"),
        )
    ),
    "homeassistant": Rules(
        (
            ("homeassistant.auth.models.User", "name"),
            ("homeassistant.auth.models.Credentials", "data"),
            ("homeassistant.config_entries.ConfigEntry", "unique_id"),
        )
    ),
    "small": Rules((("accounts.User", "phone"),)),
}

NOTHING = Rules((("nobody.names.This", "attribute_that_is_nowhere"),))


def _semgrep_sink(name: str) -> str:
    return f"$LOGGER.{name.rpartition('.')[2]}(...)" if name.startswith("logging.Logger") else f"{name}(...)"


def _pysa_sink(name: str) -> str:
    if name.startswith("logging.Logger"):
        return f"def {name}(self, msg: TaintSink[Use], *args: TaintSink[Use]): ..."
    if name == "json.dumps":
        return f"def {name}(obj: TaintSink[Use]): ..."
    return f"def {name}(args: TaintSink[Use]): ..."
