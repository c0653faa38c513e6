"""Says at the end of a run how many recorded exchanges the simulator matches."""

import pytest

for module in ("playing", "played_documents", "played_doors"):
    pytest.register_assert_rewrite(f"tests.contracts.{module}")


def pytest_terminal_summary(terminalreporter):
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    facts = [dict(report.user_properties) for report in reports]
    tried = [each for each in facts if "recording" in each]
    totals = [each for each in facts if "recorded_in_all" in each]
    if tried and totals:
        matched = sum(1 for report in terminalreporter.stats.get("passed", []) if _one(report))
        terminalreporter.write_line(
            f"Simulator: matched {matched} of {len(tried)} implemented recordings, "
            f"{totals[0]['recorded_in_all']} recorded in all"
        )


def _one(report):
    return report.when == "call" and "recording" in dict(report.user_properties)
