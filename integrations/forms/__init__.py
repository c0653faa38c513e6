"""Forms of the accounting screens."""

from integrations.forms.packages import PackageForm
from integrations.forms.settings import SettingsForm

__all__ = ["PackageForm", "SettingsForm"]
