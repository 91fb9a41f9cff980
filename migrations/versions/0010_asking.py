"""the public notice: the closing date, how long things are kept, applying by the public page"""

import sqlalchemy as sa
from alembic import op

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


def downgrade():
    with op.batch_alter_table("openings") as openings:
        openings.drop_column("kept_months")
        openings.drop_column("apply_by")
