"""openings for some only"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("openings") as openings:
        openings.add_column(
            sa.Column("listed", sa.Boolean(), server_default=sa.true(), nullable=False)
        )


def downgrade():
    with op.batch_alter_table("openings") as openings:
        openings.drop_column("listed")
