"""final answers: a task may open only after another, whose answer is final from then on"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("answers") as answers:
        answers.add_column(
            sa.Column("final_at", hiring.kernel.database.Instant(timezone=True), nullable=True)
        )


def downgrade():
    with op.batch_alter_table("answers") as answers:
        answers.drop_column("final_at")
