"""People who sign in, and the six-digit codes that prove an address."""

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.storage.db import Base, Code, Key, Moment, Name


class Account(Base):
    """A person with a proved e-mail address. ``email`` is kept casefolded, so that one address is one account."""

    __tablename__ = "account"

    id: Mapped[Key]
    code: Mapped[Code]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[Moment]
    is_demo: Mapped[bool] = mapped_column(default=False)


class SignInCode(Base):
    """A code sent by mail, kept as a hash, tied to the browser that asked for it (``browser_hash``)."""

    __tablename__ = "sign_in_code"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(320), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    used_at: Mapped[Moment | None]
