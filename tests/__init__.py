"""The same rooms as the project, plus house, slice, browser, contracts and simulator."""
