"""steps that follow each other: when the next one's invitation goes out, and the rule that proposes"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("steps") as table:
        table.add_column(sa.Column("wait_days", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("open_days", sa.Integer(), nullable=False, server_default="14"))
        table.add_column(
            sa.Column("proposes", sa.String(), nullable=False, server_default="nobody")
        )
        table.add_column(sa.Column("bar", sa.Integer(), nullable=True))
        table.create_check_constraint(
            table.f("ck_steps_proposes"), "proposes IN ('nobody', 'mean', 'best', 'everybody')"
        )
    op.create_table(
        "due_invitations",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("due_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_due_invitations_application_id_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["steps.id"], name=op.f("fk_due_invitations_step_id_steps")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["accounts.id"], name=op.f("fk_due_invitations_invited_by_accounts")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_due_invitations")),
    )
    with op.batch_alter_table("due_invitations") as table:
        table.create_index(table.f("ix_due_invitations_due_at"), ["due_at"])
        table.create_index(table.f("ix_due_invitations_step_id"), ["step_id"])
    with op.batch_alter_table("applications") as table:
        table.create_index(table.f("ix_applications_step_id"), ["step_id"])


def downgrade():
    with op.batch_alter_table("applications") as table:
        table.drop_index(table.f("ix_applications_step_id"))
    op.drop_table("due_invitations")
    with op.batch_alter_table("steps") as table:
        table.drop_constraint(table.f("ck_steps_proposes"))
        for name in ("bar", "proposes", "open_days", "wait_days"):
            table.drop_column(name)
