"""files that belong to an answer, and the copies that reviewers are given"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
instant = hiring.kernel.database.Instant(timezone=True)


def upgrade():
    with op.batch_alter_table("blind_answers") as table:
        table.add_column(sa.Column("ready", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("blind_answers") as table:
        table.alter_column("ready", server_default=None)
    op.create_table(
        "blind_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("blind_answer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blind_answer_id"],
            ["blind_answers.id"],
            name=op.f("fk_blind_files_blind_answer_id_blind_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_blind_files_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_files")),
        sa.UniqueConstraint(
            "blind_answer_id", "number", name=op.f("uq_blind_files_blind_answer_id_number")
        ),
    )
    with op.batch_alter_table("blind_files") as table:
        table.create_index(table.f("ix_blind_files_blind_answer_id"), ["blind_answer_id"])
    op.create_table(
        "uploads",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=True),
        sa.Column("copy_id", sa.Uuid(), nullable=True),
        sa.Column("blind_file_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", instant, nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", instant, nullable=True),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_uploads_attempt_id_attempts")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_uploads_task_id_tasks")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["stored_files.id"], name=op.f("fk_uploads_original_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["stored_files.id"], name=op.f("fk_uploads_copy_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["blind_file_id"], ["blind_files.id"], name=op.f("fk_uploads_blind_file_id_blind_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("blind_file_id", name=op.f("uq_uploads_blind_file_id")),
    )
    with op.batch_alter_table("uploads") as table:
        table.create_index(table.f("ix_uploads_state"), ["state"])
        table.create_index("ix_uploads_attempt_id_state", ["attempt_id", "state"])


def downgrade():
    op.drop_table("uploads")
    op.drop_table("blind_files")
    with op.batch_alter_table("blind_answers") as table:
        table.drop_column("ready")
