"""more days taken by a press, and reminders that were written"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "more_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_more_days_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_more_days_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name=op.f("fk_more_days_step_id_steps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_more_days")),
        sa.UniqueConstraint(
            "application_id", "step_id", name=op.f("uq_more_days_application_id_step_id")
        ),
    )
    with op.batch_alter_table("more_days") as table:
        table.create_index(table.f("ix_more_days_invitation_id"), ["invitation_id"])
        table.create_index(table.f("ix_more_days_step_id"), ["step_id"])
    op.create_table(
        "reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("written_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_reminders_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "invitation_id", "due_at", name=op.f("uq_reminders_invitation_id_due_at")
        ),
    )


def downgrade():
    op.drop_table("reminders")
    op.drop_table("more_days")
