"""What is found does not hang on how many other files use the same names."""

from __future__ import annotations

from pathlib import Path

import purposelint
from purposelint.dataflow.roots import MAX_FILES
from support.small_project import write

ANNOTATIONS = """\
[purposes]
service = "Deliver"
sharing = "Give to others"

[[source]]
id = "email"
match = "guests.email()"
purposes = ["service"]

[[sink]]
id = "channel"
match = "client.send()"
purpose = "sharing"
"""

FILES = {
    # The default holds the data, and nobody who calls the function says so.
    "defaults.py": "import guests\n\n\ndef run(x=guests.email()):\n    return x\n",
    "use_defaults.py": "import client\nfrom defaults import run\n\n\ndef use():\n    client.send(run())\n",
    # So does what a decorator has captured.
    "captured.py": "import guests\n\n\ndef keep(x):\n    return lambda f: lambda: x\n\n\n"
    "@keep(guests.email())\ndef run():\n    pass\n",
    "use_captured.py": "import client\nfrom captured import run\n\n\ndef use():\n    client.send(run())\n",
    # The class of the method is not named by who calls it.
    "kinds.py": "import guests\n\n\nclass A:\n    def run(self):\n        return guests.email()\n\n\n"
    "KINDS = {'a': A}\n\n\n"
    "def make(kind):\n    return KINDS[kind]()\n",
    "use_kinds.py": "import client\nfrom kinds import make\n\n\ndef use():\n    client.send(make('a').run())\n",
    # A descriptor is read by the name of a class attribute.
    "descriptors.py": "import guests\n\n\nclass Reader:\n    def __get__(self, instance, owner):\n"
    "        return guests.email()\n\n\nclass B:\n    run = Reader()\n",
    "use_descriptors.py": "import client\nfrom descriptors import B\n\n\ndef use():\n    client.send(B().run)\n",
}
OTHERS = {
    f"other_{number}.py": "import client\n\n\ndef run():\n    return ''\n\n\ndef use():\n    client.send(run())\n"
    for number in range(MAX_FILES + 5)
}


def test_callers_of_a_common_name_are_found_near_what_they_call(tmp_path: Path) -> None:
    write(tmp_path, {"purposes.toml": ANNOTATIONS, **FILES, **OTHERS})

    findings = purposelint.analyse(tmp_path).findings

    assert sorted(found.path for found in findings) == sorted(name for name in FILES if name.startswith("use_"))
