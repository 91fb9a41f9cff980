"""letters: sendings that wait and can be taken back"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sendings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("leaves_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("taken_back_at", hiring.kernel.database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('invitation', 'extension', 'advance')", name=op.f("ck_sendings_kind")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["accounts.id"], name=op.f("fk_sendings_made_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_sendings_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
    )
    with op.batch_alter_table("sendings") as table:
        table.create_index(table.f("ix_sendings_opening_id"), ["opening_id"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("ended_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("until", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("extended_by", sa.Uuid(), nullable=False),
        sa.Column("extended_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["extended_by"], ["accounts.id"], name=op.f("fk_extensions_extended_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_extensions_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    with op.batch_alter_table("extensions") as table:
        table.create_index(table.f("ix_extensions_batch"), ["batch"])
        table.create_index(table.f("ix_extensions_invitation_id"), ["invitation_id"])
    op.create_table(
        "wordings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("saved_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
        sa.UniqueConstraint(
            "kind", "language", "number", name=op.f("uq_wordings_kind_language_number")
        ),
    )
    op.add_column("applications", sa.Column("came_by", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_applications_came_by"), "applications", ["came_by"])
    op.create_index(op.f("ix_messages_about"), "messages", ["about"])
    op.create_index(op.f("ix_messages_batch"), "messages", ["batch"])


def downgrade():
    op.drop_index(op.f("ix_messages_batch"), "messages")
    op.drop_index(op.f("ix_messages_about"), "messages")
    op.drop_index(op.f("ix_applications_came_by"), "applications")
    op.drop_column("applications", "came_by")
    op.drop_table("wordings")
    op.drop_table("extensions")
    op.drop_table("sendings")
