"""first tables."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_first_tables"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("code", name="uq_account_code"),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    op.create_table(
        "association",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "particulier",
                "bewonersgroep",
                "vereniging",
                "feitelijke_vereniging",
                "vzw",
                name="requester_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("enterprise_number", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_association"),
        sa.UniqueConstraint("code", name="uq_association_code"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at_epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_key_at_epoch", ["key", "at_epoch"], unique=False)

    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "buurtwerkers",
                "vrijwilligersgroep",
                "onthaal",
                "vzw",
                "stad",
                name="desk_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
        sa.UniqueConstraint("slug", name="uq_desk_slug"),
    )
    op.create_table(
        "facility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facility"),
        sa.UniqueConstraint("slug", name="uq_facility_slug"),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "neighbourhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_neighbourhood"),
        sa.UniqueConstraint("slug", name="uq_neighbourhood_slug"),
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_code"),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_code_browser_hash", ["browser_hash"], unique=False)
        batch_op.create_index("ix_sign_in_code_email", ["email"], unique=False)

    op.create_table(
        "desk_member",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_desk_member_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_desk_member_desk_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("desk_id", "account_id", name="pk_desk_member"),
    )
    with op.batch_alter_table("desk_member", schema=None) as batch_op:
        batch_op.create_index("ix_desk_member_account_id", ["account_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_invitation_association_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["account.id"], name="fk_invitation_invited_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("association_id", "email", name="uq_invitation_association_id_email"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    op.create_table(
        "membership",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_membership_association_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("association_id", "account_id", name="pk_membership"),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_account_id", ["account_id"], unique=False)

    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unproved",
                "requested",
                "approved",
                "refused",
                "withdrawn",
                "cancelled",
                "expired",
                "lapsed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column(
            "requester_kind",
            sa.Enum(
                "particulier",
                "bewonersgroep",
                "vereniging",
                "feitelijke_vereniging",
                "vzw",
                name="requester_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("association_name", sa.String(length=200), nullable=False),
        sa.Column("enterprise_number", sa.String(length=12), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=320), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("activity", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("facilities", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("exception_reason", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("route_reason", sa.Text(), nullable=False),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("people > 0", name="ck_request_people_are_some"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_request_account_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_request_association_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_request_desk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("code", name="uq_request_code"),
        sa.UniqueConstraint("form_key", "form_hash", name="uq_request_form_key_form_hash"),
        sa.UniqueConstraint("reference", name="uq_request_reference"),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index("ix_request_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_request_association_id", ["association_id"], unique=False)
        batch_op.create_index("ix_request_contact_email", ["contact_email"], unique=False)
        batch_op.create_index("ix_request_desk_id_status_answer_by", ["desk_id", "status", "answer_by"], unique=False)
        batch_op.create_index("ix_request_status", ["status"], unique=False)

    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "buurtcentrum",
                "open_huis",
                "buurthuis",
                "lokaal_dienstencentrum",
                "overig_groep_gent",
                "privaat",
                name="venue_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "operator",
            sa.Enum(
                "stad_gent",
                "ocmw_gent",
                "privaat",
                name="operator",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "managed_by",
            sa.Enum(
                "buurtwerker",
                "vrijwilligersgroep",
                "onthaal",
                "vzw",
                "onbekend",
                name="manager",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("house_number", sa.String(length=20), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column(
            "coord_precision",
            sa.Enum(
                "exact",
                "street",
                "neighbourhood",
                "approx",
                name="coord_precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("drop_in_hours", sa.Text(), nullable=False),
        sa.Column(
            "wheelchair",
            sa.Enum("yes", "no", "unknown", name="known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("source_year", sa.Integer(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="ck_venue_point_is_whole"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_venue_neighbourhood_id"),
        sa.PrimaryKeyConstraint("id", name="pk_venue"),
        sa.UniqueConstraint("slug", name="uq_venue_slug"),
    )
    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.create_index("ix_venue_neighbourhood_id", ["neighbourhood_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "prove",
                "lapse",
                "approve",
                "refuse",
                "withdraw",
                "cancel",
                "expire",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "unproved",
                "requested",
                "approved",
                "refused",
                "withdrawn",
                "cancelled",
                "expired",
                "lapsed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_event_account_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_event_desk_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_event_request_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_request_id", ["request_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "dead",
                name="letter_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_letter_request_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("code", name="uq_letter_code"),
        sa.UniqueConstraint("event_key", "recipient", name="uq_letter_event_key_recipient"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_request_id", ["request_id"], unique=False)
        batch_op.create_index("ix_letter_state_next_try_at", ["state", "next_try_at"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "room",
                "several",
                "permission",
                "whole_venue",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("capacity_seated", sa.Integer(), nullable=True),
        sa.Column("capacity_standing", sa.Integer(), nullable=True),
        sa.Column("area_m2", sa.Integer(), nullable=True),
        sa.Column(
            "is_heated",
            sa.Enum("yes", "no", "unknown", name="known", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("price_note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("source_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_room_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
        sa.UniqueConstraint("venue_id", "slug", name="uq_room_venue_id_slug"),
    )
    op.create_table(
        "space",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_space_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_space"),
    )
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.create_index("ix_space_venue_id", ["venue_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name="ck_closure_in_order"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_closure_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index("ix_closure_room_id", ["room_id"], unique=False)

    op.create_table(
        "house_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_house_fact_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_house_fact_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_house_fact"),
        sa.UniqueConstraint("venue_id", "room_id", "name", "value", name="uq_house_fact_venue_id_room_id_name_value"),
    )
    with op.batch_alter_table("house_fact", schema=None) as batch_op:
        batch_op.create_index("ix_house_fact_room_id", ["room_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=43), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("from_epoch", sa.BigInteger(), nullable=False),
        sa.Column("to_epoch", sa.BigInteger(), nullable=False),
        sa.Column("was_confirmed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_epoch < to_epoch", name="ck_occurrence_in_order"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_occurrence_request_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_occurrence_room_id"),
        sa.PrimaryKeyConstraint("id", name="pk_occurrence"),
        sa.UniqueConstraint("uid", name="uq_occurrence_uid"),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index("ix_occurrence_request_id", ["request_id"], unique=False)
        batch_op.create_index("ix_occurrence_room_id_from_epoch", ["room_id", "from_epoch"], unique=False)

    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("from_minute", sa.SmallInteger(), nullable=False),
        sa.Column("to_minute", sa.SmallInteger(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("from_minute < to_minute", name="ck_opening_in_order"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_opening_weekday_is_one"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_opening_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_opening_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_opening"),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index("ix_opening_venue_id", ["venue_id"], unique=False)

    op.create_table(
        "own_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("from_minute", sa.SmallInteger(), nullable=False),
        sa.Column("to_minute", sa.SmallInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_own_programme_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_own_programme"),
        sa.UniqueConstraint("code", name="uq_own_programme_code"),
    )
    with op.batch_alter_table("own_programme", schema=None) as batch_op:
        batch_op.create_index("ix_own_programme_room_id", ["room_id"], unique=False)

    op.create_table(
        "room_facility",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name="fk_room_facility_facility_id"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_facility_room_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "facility_id", name="pk_room_facility"),
    )
    op.create_table(
        "room_space",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_space_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name="fk_room_space_space_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "space_id", name="pk_room_space"),
    )
    with op.batch_alter_table("room_space", schema=None) as batch_op:
        batch_op.create_index("ix_room_space_space_id", ["space_id"], unique=False)

    op.create_table(
        "routing_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("to_time", sa.Time(), nullable=True),
        sa.Column(
            "requester_kind",
            sa.Enum(
                "particulier",
                "bewonersgroep",
                "vereniging",
                "feitelijke_vereniging",
                "vzw",
                name="requester_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name="fk_routing_line_desk_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_routing_line_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_routing_line_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_routing_line"),
    )
    with op.batch_alter_table("routing_line", schema=None) as batch_op:
        batch_op.create_index("ix_routing_line_position", ["position"], unique=False)
        batch_op.create_index("ix_routing_line_venue_id", ["venue_id"], unique=False)

    op.create_table(
        "rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column(
            "name",
            sa.Enum(
                "lead_days",
                "horizon_months",
                "closed_season",
                "day_parts",
                "exceptions",
                "open_requests",
                name="rule_name",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_rule_room_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_rule_venue_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_rule"),
        sa.UniqueConstraint("venue_id", "room_id", "name", name="uq_rule_venue_id_room_id_name"),
    )
    op.create_table(
        "occupancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("from_epoch", sa.BigInteger(), nullable=False),
        sa.Column("to_epoch", sa.BigInteger(), nullable=False),
        sa.Column(
            "by",
            sa.Enum(
                "booking",
                "request",
                "own_programme",
                "closure",
                name="taken_by",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("closure_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_epoch % 60 = 0 AND to_epoch % 60 = 0", name="ck_occupancy_whole_minutes"),
        sa.CheckConstraint("from_epoch < to_epoch", name="ck_occupancy_in_order"),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name="fk_occupancy_closure_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name="fk_occupancy_occurrence_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["own_programme.id"], name="fk_occupancy_programme_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name="fk_occupancy_space_id"),
        sa.PrimaryKeyConstraint("id", name="pk_occupancy"),
    )
    with op.batch_alter_table("occupancy", schema=None) as batch_op:
        batch_op.create_index("ix_occupancy_closure_id", ["closure_id"], unique=False)
        batch_op.create_index("ix_occupancy_occurrence_id", ["occurrence_id"], unique=False)
        batch_op.create_index("ix_occupancy_programme_id", ["programme_id"], unique=False)
        batch_op.create_index("ix_occupancy_space_id_from_epoch", ["space_id", "from_epoch"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("occupancy", schema=None) as batch_op:
        batch_op.drop_index("ix_occupancy_space_id_from_epoch")
        batch_op.drop_index("ix_occupancy_programme_id")
        batch_op.drop_index("ix_occupancy_occurrence_id")
        batch_op.drop_index("ix_occupancy_closure_id")

    op.drop_table("occupancy")
    op.drop_table("rule")
    with op.batch_alter_table("routing_line", schema=None) as batch_op:
        batch_op.drop_index("ix_routing_line_venue_id")
        batch_op.drop_index("ix_routing_line_position")

    op.drop_table("routing_line")
    with op.batch_alter_table("room_space", schema=None) as batch_op:
        batch_op.drop_index("ix_room_space_space_id")

    op.drop_table("room_space")
    op.drop_table("room_facility")
    with op.batch_alter_table("own_programme", schema=None) as batch_op:
        batch_op.drop_index("ix_own_programme_room_id")

    op.drop_table("own_programme")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_venue_id")

    op.drop_table("opening")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrence_room_id_from_epoch")
        batch_op.drop_index("ix_occurrence_request_id")

    op.drop_table("occurrence")
    with op.batch_alter_table("house_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_house_fact_room_id")

    op.drop_table("house_fact")
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.drop_index("ix_closure_room_id")

    op.drop_table("closure")
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.drop_index("ix_space_venue_id")

    op.drop_table("space")
    op.drop_table("room")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_state_next_try_at")
        batch_op.drop_index("ix_letter_request_id")

    op.drop_table("letter")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_request_id")

    op.drop_table("event")
    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.drop_index("ix_venue_neighbourhood_id")

    op.drop_table("venue")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index("ix_request_status")
        batch_op.drop_index("ix_request_desk_id_status_answer_by")
        batch_op.drop_index("ix_request_contact_email")
        batch_op.drop_index("ix_request_association_id")
        batch_op.drop_index("ix_request_account_id")

    op.drop_table("request")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_account_id")

    op.drop_table("membership")
    op.drop_table("invitation")
    with op.batch_alter_table("desk_member", schema=None) as batch_op:
        batch_op.drop_index("ix_desk_member_account_id")

    op.drop_table("desk_member")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_code_email")
        batch_op.drop_index("ix_sign_in_code_browser_hash")

    op.drop_table("sign_in_code")
    op.drop_table("neighbourhood")
    op.drop_table("heartbeat")
    op.drop_table("facility")
    op.drop_table("desk")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_key_at_epoch")

    op.drop_table("attempt")
    op.drop_table("association")
    op.drop_table("account")
