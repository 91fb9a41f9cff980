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


def downgrade():
    op.drop_table("consents")
    with op.batch_alter_table("applications") as applications:
        applications.drop_column("by_form")
    with op.batch_alter_table("openings") as openings:
        openings.drop_column("public_form")
        openings.drop_column("kept_months")
        openings.drop_column("apply_by")
