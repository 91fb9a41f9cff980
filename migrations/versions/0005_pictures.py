"""pictures: what the texts of an assessment show, and the organisation's logo"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("removed_at", hiring.kernel.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["accounts.id"], name=op.f("fk_pictures_added_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_pictures_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_pictures_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("assessment_id", "key", name=op.f("uq_pictures_assessment_id_key")),
    )
    with op.batch_alter_table("organisations") as organisations:
        organisations.add_column(sa.Column("logo_id", sa.Uuid(), nullable=True))
        organisations.add_column(sa.Column("logo_width", sa.Integer(), nullable=True))
        organisations.add_column(sa.Column("logo_height", sa.Integer(), nullable=True))
        organisations.create_foreign_key(
            organisations.f("fk_organisations_logo_id_stored_files"),
            "stored_files",
            ["logo_id"],
            ["id"],
        )
    with op.batch_alter_table("pictures") as pictures:
        pictures.create_index(pictures.f("ix_pictures_key"), ["key"], unique=False)


def downgrade():
    op.drop_table("pictures")
    with op.batch_alter_table("organisations") as organisations:
        organisations.drop_constraint("fk_organisations_logo_id_stored_files", type_="foreignkey")
        for column in ("logo_id", "logo_width", "logo_height"):
            organisations.drop_column(column)
