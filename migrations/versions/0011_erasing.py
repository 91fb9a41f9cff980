"""what was erased and when, and the files that are still to be unlinked"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    when = hiring.kernel.database.Instant(timezone=True)
    op.create_table(
        "unwanted_files",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("since", when, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_unwanted_files")),
    )
    sweeps = op.create_table(
        "last_sweeps",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", when, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_last_sweeps")),
    )
    op.bulk_insert(sweeps, [{"name": "by day", "at": datetime.now(UTC)}])
    with op.batch_alter_table("persons") as persons:
        persons.add_column(sa.Column("erased_at", when, nullable=True))
    with op.batch_alter_table("applications") as applications:
        applications.add_column(sa.Column("erased_at", when, nullable=True))
        applications.add_column(sa.Column("erased_by", sa.Uuid(), nullable=True))
        applications.add_column(sa.Column("erased_for", sa.String(), nullable=True))
        applications.create_foreign_key(
            applications.f("fk_applications_erased_by_accounts"), "accounts", ["erased_by"], ["id"]
        )
    with op.batch_alter_table("attempts") as attempts:
        attempts.add_column(sa.Column("erased_at", when, nullable=True))


def downgrade():
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_column("erased_at")
    with op.batch_alter_table("applications") as applications:
        applications.drop_constraint(
            applications.f("fk_applications_erased_by_accounts"), type_="foreignkey"
        )
        applications.drop_column("erased_for")
        applications.drop_column("erased_by")
        applications.drop_column("erased_at")
    with op.batch_alter_table("persons") as persons:
        persons.drop_column("erased_at")
    op.drop_table("last_sweeps")
    op.drop_table("unwanted_files")
