"""the public notice: the closing date, how long things are kept, applying by the public page"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("openings") as openings:
        openings.add_column(sa.Column("apply_by", sa.Date(), nullable=True))
        openings.add_column(
            sa.Column("kept_months", sa.Integer(), server_default="6", nullable=False)
        )
        openings.add_column(
            sa.Column("public_form", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        openings.add_column(sa.Column("kind", sa.String(), server_default="hiring", nullable=False))
    with op.batch_alter_table("applications") as applications:
        applications.add_column(
            sa.Column("by_form", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_consents_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents") as consents:
        consents.create_index(consents.f("ix_consents_person_id"), ["person_id"])
        consents.create_index(consents.f("ix_consents_purpose"), ["purpose"])
    op.create_table(
        "question_sheets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["accounts.id"], name=op.f("fk_question_sheets_made_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_question_sheets_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_sheets")),
        sa.UniqueConstraint(
            "opening_id", "number", name=op.f("uq_question_sheets_opening_id_number")
        ),
    )
    with op.batch_alter_table("question_sheets") as sheets:
        sheets.create_index(sheets.f("ix_question_sheets_opening_id"), ["opening_id"])
    op.create_table(
        "question_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("given_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_question_answers_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["question_sheets.id"],
            name=op.f("fk_question_answers_sheet_id_question_sheets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answers")),
        sa.UniqueConstraint(
            "application_id", "number", name=op.f("uq_question_answers_application_id_number")
        ),
    )
    with op.batch_alter_table("question_answers") as answers:
        answers.create_index(answers.f("ix_question_answers_sheet_id"), ["sheet_id"])
    op.create_table(
        "question_appeals",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("passed_at", hiring.kernel.database.Instant(timezone=True), nullable=True),
        sa.Column("passed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_question_appeals_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["passed_by"], ["accounts.id"], name=op.f("fk_question_appeals_passed_by_accounts")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_question_appeals")),
    )


def downgrade():
    op.drop_table("question_appeals")
    op.drop_table("question_answers")
    op.drop_table("question_sheets")
    op.drop_table("consents")
    with op.batch_alter_table("applications") as applications:
        applications.drop_column("by_form")
    with op.batch_alter_table("openings") as openings:
        openings.drop_column("kind")
        openings.drop_column("public_form")
        openings.drop_column("kept_months")
        openings.drop_column("apply_by")
