"""The mail page of the demonstration."""

from django.core.mail import EmailMessage, get_connection

from ascora.tenancy.mailbox import letters_in


def test_the_newest_letter_comes_first_and_reads_as_text(tmp_path):
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path)
    EmailMessage("First", "Good morning", to=["otto@bright.test"], connection=backend).send()
    EmailMessage(
        "Zweite ü", "Press https://x.test/1", to=["ada@bright.test"], connection=backend
    ).send()
    letters = letters_in(tmp_path)
    assert [letter.subject for letter in letters] == ["Zweite ü", "First"]
    assert (letters[0].to, letters[0].text.strip()) == ("ada@bright.test", "Press https://x.test/1")
