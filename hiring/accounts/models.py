"""Staff accounts, what they may do and since when, their open sessions, and the organisation itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from flask_security.core import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.kernel.clock import now
from hiring.kernel.database import Base, Key


class Organisation(Base):
    """The one organisation that this installation serves."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str]
    line: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    hue: Mapped[int] = mapped_column(default=262)
    demo: Mapped[bool] = mapped_column(default=False)
    logo_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    logo_width: Mapped[int | None]  # in pixels, with the height
    logo_height: Mapped[int | None]


class RoleGrant(RoleMixin, Base):
    """A role held by an account from one instant to another; history stays."""

    __tablename__ = "role_grants"
    id: Mapped[Key]  # type: ignore[assignment]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    held_from: Mapped[datetime]
    held_to: Mapped[datetime | None]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class Passkey(WebAuthnMixin, Base):
    """A registered passkey, in the columns that flask-security expects."""

    __tablename__ = "passkeys"
    id: Mapped[Key]  # type: ignore[assignment]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    create_datetime: Mapped[datetime] = mapped_column(default=now)
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str]
    usage: Mapped[str]


class Account(UserMixin, Base):
    """A member of staff. Access ends by ending grants and sessions; the row stays, as marks point at it."""

    __tablename__ = "accounts"
    id: Mapped[Key]  # type: ignore[assignment]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)  # normalised: one mailbox, one account
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    senior: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="en")
    invited_at: Mapped[datetime]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    # flask-security's own columns, aware instead of naive
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: uuid4().hex)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        unique=True
    )
    confirmed_at: Mapped[datetime | None]
    create_datetime: Mapped[datetime] = mapped_column(default=now)
    update_datetime: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_phone_number: Mapped[str | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON)
    us_totp_secrets: Mapped[str | None]
    us_phone_number: Mapped[str | None]

    grants: Mapped[list[RoleGrant]] = relationship(
        foreign_keys=RoleGrant.account_id, lazy="selectin", order_by=RoleGrant.held_from
    )
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan"
    )

    @property
    def roles(self) -> list[RoleGrant]:  # type: ignore[override]
        """The grants in force now, in the form that flask-security reads."""
        return [grant for grant in self.grants if grant.held_to is None]

    @property
    def role_names(self) -> frozenset[str]:
        """The names of the roles held now."""
        return frozenset(grant.name for grant in self.roles)


class Knock(Base):
    """How much somebody has knocked of late, under a name that tells neither address nor machine.

    `calm_at` is when all of it is forgotten: each knock moves it on (`rules.Pace`).
    """

    __tablename__ = "knocks"
    key: Mapped[str] = mapped_column(primary_key=True)
    calm_at: Mapped[datetime]


class SignIn(Base):
    """An open session: written at sign-in, ended at sign-out, by the account or by an owner."""

    __tablename__ = "sign_ins"
    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
