"""knocks: how much somebody has knocked at the door of late"""

import sqlalchemy as sa
from alembic import op

import hiring.kernel.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "knocks",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("calm_at", hiring.kernel.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_knocks")),
    )


def downgrade():
    op.drop_table("knocks")
