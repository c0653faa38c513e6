"""Forms of people and organizations."""

from django import forms


class SignupForm(forms.Form):
    """What a new owner is asked for besides e-mail and password."""
