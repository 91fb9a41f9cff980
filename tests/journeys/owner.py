"""Ola, who keeps the house: she lets people in and reads the letters that leave."""

from __future__ import annotations

from tests.journeys.person import Staff

OUTBOX = "/staff/settings/outbox"


class Owner(Staff):
    """Owns the installation; without a mail server, all letters lie before her."""

    def invites(self, colleague: Staff, role: str) -> None:
        """Write a colleague the letter with the link to choose a password."""
        self.opens("/staff/settings/staff")
        self.follows("Invite somebody")
        self.writes("Name", colleague.name)
        self.writes("Mail address", colleague.address)
        self.ticks(role)
        self.presses("Send the letter")
        self.sees(f"The letter to {colleague.name} is written.")

    def hands_over(self, address: str, kind: str) -> str:
        """The link in the newest letter of a kind to this address, as its reader would find it."""
        self.opens(f"{OUTBOX}?q={address}&kind={kind}")
        row = self.page.locator("tbody tr", has_text=address).first
        self.follows("", within=row, exact=False)
        letter = self.page.locator(".letter-text")
        letter.wait_for()
        link = letter.get_by_role("link").first.get_attribute("href") or ""
        assert link.startswith(self.url), f"{link} leads away from here"
        return link

    def letters(self, address: str) -> list[str]:
        """Subjects of all letters to an address, the newest first."""
        self.opens(f"{OUTBOX}?q={address}")
        return self.page.locator("tbody th").all_inner_texts()
