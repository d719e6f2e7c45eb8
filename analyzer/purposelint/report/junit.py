"""JUnit XML: each finding is a test case that fails, so that any build server shows it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from purposelint.facts.span import line_of, place_of
from purposelint.policy.codes import BY_CODE
from purposelint.policy.findings import Finding, Report, Widening
from purposelint.report.escaping import encodable
from purposelint.report.findings import told
from purposelint.report.regions import Regions
from purposelint.report.setting import Setting
from purposelint.report.widenings import NAME, said

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, setting: Setting) -> str:
    """One suite. A warning, and what a change widens, is a case that passes and says so.

    A run that finds nothing has one case that passes.
    """
    findings = told(report, setting.show_suppressed)
    regions = Regions(setting)
    suite = ET.Element("testsuite", name="purposelint")
    for finding in findings:
        suite.append(_case(finding, regions))
    for widening in report.widened or ():
        suite.append(_widening(widening, regions))
    if not len(suite):
        ET.SubElement(suite, "testcase", classname="purposelint", name="nothing found")
    counts = {
        "tests": len(suite),
        "failures": sum(case.find("failure") is not None for case in suite),
        "errors": sum(case.find("error") is not None for case in suite),
        "skipped": sum(case.find("skipped") is not None for case in suite),
    }
    suites = ET.Element("testsuites", name="purposelint")
    suites.append(suite)
    for name, count in counts.items():
        for element in (suites, suite):
            element.set(name, str(count))
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _case(finding: Finding, regions: Regions) -> ET.Element:
    place = place_of(finding.path, finding.span)
    name = f"{finding.code} {BY_CODE[finding.code].name} ({place})"
    case = ET.Element("testcase", classname=_text(finding.path), name=_text(name), file=_text(finding.path))
    case.set("line", str(regions.of(finding.path, finding.span).line))
    message = _text(finding.said or finding.message)
    if finding.suppressed is not None:
        ET.SubElement(case, "skipped", message=_text(f"suppressed: {finding.suppressed}"))
    elif finding.severity == "warning":
        ET.SubElement(case, "system-out").text = f"warning: {message}"
    else:
        kind = "error" if finding.code == "PUR901" else "failure"
        told_as = ET.SubElement(case, kind, message=message, type=finding.code)
        told_as.text = "\n".join(_text(f"{line_of(step.path, step.span)}: {step.note}") for step in finding.trace)
    return case


def _widening(widening: Widening, regions: Regions) -> ET.Element:
    path, place = widening.use.path, place_of(widening.use.path, widening.span)
    case = ET.Element("testcase", classname=_text(path), name=_text(f"{NAME} ({place})"), file=_text(path))
    case.set("line", str(regions.of(path, widening.span).line))
    ET.SubElement(case, "system-out").text = f"note: {_text(said(widening))}"
    return case


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", encodable(text))
