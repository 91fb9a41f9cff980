"""imports: files of people and their rows"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    instant = hiring.kernel.database.Instant(timezone=True)
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", instant, nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", instant, nullable=True),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("touched_at", instant, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("separator", sa.String(), nullable=False),
        sa.Column("heading", sa.Boolean(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'claimed', 'done', 'stopped', 'failed')",
            name=op.f("ck_imports_state"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["accounts.id"], name=op.f("fk_imports_confirmed_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["accounts.id"], name=op.f("fk_imports_made_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["openings.id"], name=op.f("fk_imports_opening_id_openings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports") as table:
        table.create_index(table.f("ix_imports_opening_id"), ["opening_id"])
        table.create_index(table.f("ix_imports_state"), ["state"])
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("mended", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("normal", sa.String(), nullable=True),
        sa.Column("wrong", sa.String(), nullable=False),
        sa.Column("perhaps", sa.String(), nullable=True),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('kept', 'out', 'waiting', 'invited', 'passed')",
            name=op.f("ck_import_rows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id_number")),
    )
    with op.batch_alter_table("import_rows") as table:
        table.create_index(table.f("ix_import_rows_application_id"), ["application_id"])
        table.create_index(table.f("ix_import_rows_import_id_normal"), ["import_id", "normal"])
        table.create_index(table.f("ix_import_rows_import_id_state"), ["import_id", "state"])


def downgrade():
    op.drop_table("import_rows")
    op.drop_table("imports")
