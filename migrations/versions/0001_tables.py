"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "areas",
        sa.Column("id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("import_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('subdistrict', 'community', 'grid', 'building')", name=op.f("ck_areas_kind")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["areas.id"], name=op.f("fk_areas_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_areas_parent_id_name")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_areas_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "ix_areas_path", ["path"], unique=False, postgresql_ops={"path": "text_pattern_ops"}
        )

    op.create_table(
        "brands",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("import_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("name", name=op.f("uq_brands_name")),
    )
    with op.batch_alter_table("brands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brands_import_id"), ["import_id"], unique=False)

    op.create_table(
        "certificate_serials",
        sa.Column("series", sa.String(length=5), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_certificate_serials")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", JSON, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("actor", "key", name=op.f("uq_idempotency_keys_actor_key")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_at"), ["at"], unique=False)

    op.create_table(
        "imports",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("area_id", ID, nullable=True),
        sa.Column("sub_district", sa.String(length=60), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("files", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('reading', 'previewed', 'applying', 'applied', 'undone', 'failed')",
            name=op.f("ck_imports_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("result", JSON, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('done', 'refused', 'failed', 'cut_off')", name=op.f("ck_job_runs_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.create_index("ix_job_runs_name_id", ["name", "id"], unique=False)

    op.create_table(
        "projects",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("import_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("name", name=op.f("uq_projects_name")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_projects_import_id"), ["import_id"], unique=False)

    op.create_table(
        "scheduled_jobs",
        sa.Column("id", sa.String(length=191), nullable=False),
        sa.Column("next_run_time", sa.Float(precision=25), nullable=True),
        sa.Column("job_state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_jobs")),
    )
    with op.batch_alter_table("scheduled_jobs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scheduled_jobs_next_run_time"), ["next_run_time"], unique=False
        )

    op.create_table(
        "seals",
        sa.Column("id", ID, nullable=False),
        sa.Column("previous_id", ID, nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("upto_id", ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("mark_id", ID, nullable=False),
        sa.Column("mark_xid", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_seals_previous_id")),
    )
    op.create_table(
        "gifts",
        sa.Column("id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("price_centi", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("minimum_stars", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("picture", sa.String(length=12), nullable=True),
        sa.Column("import_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('offered', 'withdrawn')", name=op.f("ck_gifts_state")),
        sa.CheckConstraint("minimum_stars BETWEEN 0 AND 5", name=op.f("ck_gifts_minimum_stars")),
        sa.CheckConstraint("price_centi > 0", name=op.f("ck_gifts_price")),
        sa.CheckConstraint("reserved >= 0 AND reserved <= stock", name=op.f("ck_gifts_reserved")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_gifts_stock")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_gifts_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts")),
        sa.UniqueConstraint("area_id", "name", name=op.f("uq_gifts_area_id_name")),
    )
    with op.batch_alter_table("gifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gifts_import_id"), ["import_id"], unique=False)

    op.create_table(
        "refused_rows",
        sa.Column("id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("cure", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_refused_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_rows")),
    )
    with op.batch_alter_table("refused_rows", schema=None) as batch_op:
        batch_op.create_index("ix_refused_rows_import_id_id", ["import_id", "id"], unique=False)

    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("recording_unit", sa.String(length=60), nullable=False),
        sa.Column("brand_id", ID, nullable=True),
        sa.Column("project_id", ID, nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("import_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_teams_area_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_teams_brand_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_teams_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("area_id", "name", name=op.f("uq_teams_area_id_name")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_teams_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_teams_name"), ["name"], unique=False)

    op.create_table(
        "volunteers",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("identity", sa.LargeBinary(), nullable=True),
        sa.Column("identity_key", sa.String(length=43), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(length=43), nullable=True),
        sa.Column("area_id", ID, nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("no_show_blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("import_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sex IN ('f', 'm') OR sex IS NULL", name=op.f("ck_volunteers_sex")),
        sa.CheckConstraint(
            "state IN ('active', 'left', 'disowned')", name=op.f("ck_volunteers_state")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_volunteers_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("identity_key", name=op.f("uq_volunteers_identity_key")),
        sa.UniqueConstraint("number", name=op.f("uq_volunteers_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.create_index("ix_volunteers_area_id_id", ["area_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteers_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteers_name"), ["name"], unique=False)
        batch_op.create_index("ix_volunteers_phone_key_name", ["phone_key", "name"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=False),
        sa.Column("volunteer_id", ID, nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_accounts_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_accounts_volunteer_id")),
    )
    op.create_table(
        "consents",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("by_guardian", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('register', 'publish', 'location')", name=op.f("ck_consents_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_consents_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consents_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "guardians",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_guardians_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_guardians_volunteer_id")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("import_id", ID, nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'active', 'left')", name=op.f("ck_memberships_state")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_memberships_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_memberships_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "team_id", "volunteer_id", name=op.f("uq_memberships_team_id_volunteer_id")
        ),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memberships_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_memberships_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "points_accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=True),
        sa.Column("system_name", sa.String(length=12), nullable=True),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("debt", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(volunteer_id IS NULL) OR (system_name IS NULL)",
            name=op.f("ck_points_accounts_one_owner"),
        ),
        sa.CheckConstraint("debt >= 0", name=op.f("ck_points_accounts_debt")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_points_accounts_held")),
        sa.CheckConstraint(
            "system_name IS NOT NULL OR posted - held >= 0",
            name=op.f("ck_points_accounts_never_below_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_points_accounts_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_accounts")),
        sa.UniqueConstraint("system_name", name=op.f("uq_points_accounts_system_name")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_points_accounts_volunteer_id")),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused')", name=op.f("ck_adjustments_state")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_adjustments_amount")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_adjustments_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_adjustments_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_adjustments_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adjustments_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "complaints",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_complaints_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_complaints_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_complaints_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaints_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "day_sheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("seal_head", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_day_sheets_area_id")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["accounts.id"], name=op.f("fk_day_sheets_closed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_sheets")),
        sa.UniqueConstraint("area_id", "day", name=op.f("uq_day_sheets_area_id_day")),
    )
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=True),
        sa.Column("leader_id", ID, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'closed', 'cancelled')", name=op.f("ck_events_state")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_events_order")),
        sa.ForeignKeyConstraint(["leader_id"], ["accounts.id"], name=op.f("fk_events_leader_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_events_project_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_events_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("code", name=op.f("uq_events_code")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index("ix_events_team_id_starts_at", ["team_id", "starts_at"], unique=False)

    op.create_table(
        "grants",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("area_id", ID, nullable=True),
        sa.Column("team_id", ID, nullable=True),
        sa.CheckConstraint(
            "role IN ('leader', 'coordinator', 'desk', 'auditor', 'admin')",
            name=op.f("ck_grants_role"),
        ),
        sa.CheckConstraint(
            "(area_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_grants_one_place")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_grants_account_id")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_grants_area_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_grants_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "account_id",
            "role",
            "area_id",
            "team_id",
            name=op.f("uq_grants_account_id_role_area_id_team_id"),
        ),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_account_id"), ["account_id"], unique=False)

    op.create_table(
        "holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("points_account_id", ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("source_type", sa.String(length=12), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'captured', 'released')", name=op.f("ck_holds_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_holds_amount")),
        sa.ForeignKeyConstraint(
            ["points_account_id"], ["points_accounts.id"], name=op.f("fk_holds_points_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint(
            "source_type", "source_id", name=op.f("uq_holds_source_type_source_id")
        ),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_holds_points_account_id"), ["points_account_id"], unique=False
        )

    op.create_table(
        "journal",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("verb", sa.String(length=48), nullable=False),
        sa.Column("subject_type", sa.String(length=32), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_journal_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "looks",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_looks_account_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_looks_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
    )
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_looks_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "lots",
        sa.Column("id", ID, nullable=False),
        sa.Column("points_account_id", ID, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_lots_remaining")),
        sa.ForeignKeyConstraint(
            ["points_account_id"], ["points_accounts.id"], name=op.f("fk_lots_points_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint(
            "points_account_id", "expires_on", name=op.f("uq_lots_points_account_id_expires_on")
        ),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index("ix_lots_expires_on", ["expires_on"], unique=False)

    op.create_table(
        "policies",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("numbers", JSON, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_policies_account_id")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policies")),
        sa.UniqueConstraint("hash", name=op.f("uq_policies_hash")),
    )
    op.create_table(
        "redemptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("gift_id", ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("points_centi", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", ID, nullable=True),
        sa.Column("proxy_name", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "state IN ('ordered', 'handed_over', 'cancelled', 'lapsed', 'returned')",
            name=op.f("ck_redemptions_state"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_redemptions_quantity")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["accounts.id"], name=op.f("fk_redemptions_ended_by_id")
        ),
        sa.ForeignKeyConstraint(["gift_id"], ["gifts.id"], name=op.f("fk_redemptions_gift_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_redemptions_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_redemptions_code_hash")),
    )
    with op.batch_alter_table("redemptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redemptions_gift_id"), ["gift_id"], unique=False)
        batch_op.create_index(
            "ix_redemptions_state_lapses_at", ["state", "lapses_at"], unique=False
        )
        batch_op.create_index(
            "ix_redemptions_volunteer_id_ordered_at", ["volunteer_id", "ordered_at"], unique=False
        )

    op.create_table(
        "tokens",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_tokens_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_account_id"), ["account_id"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("id", ID, nullable=False),
        sa.Column("debit_id", ID, nullable=False),
        sa.Column("credit_id", ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("source_type", sa.String(length=12), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.Column("reverses_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('earn', 'reverse', 'redeem', 'expire', 'adjust', 'debt', 'repay', 'waive')",
            name=op.f("ck_transfers_kind"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfers_amount")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_transfers_two_accounts")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_transfers_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["points_accounts.id"], name=op.f("fk_transfers_credit_id")
        ),
        sa.ForeignKeyConstraint(
            ["debit_id"], ["points_accounts.id"], name=op.f("fk_transfers_debit_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["transfers.id"], name=op.f("fk_transfers_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_transfers_reverses_id")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_at"), ["at"], unique=False)
        batch_op.create_index("ix_transfers_credit_id_id", ["credit_id", "id"], unique=False)
        batch_op.create_index("ix_transfers_debit_id_id", ["debit_id", "id"], unique=False)
        batch_op.create_index(
            "uq_transfers_source",
            ["source_type", "source_id", "kind"],
            unique=True,
            sqlite_where=sa.text("kind NOT IN ('expire', 'repay')"),
            postgresql_where=sa.text("kind NOT IN ('expire', 'repay')"),
        )

    op.create_table(
        "working_day_corrections",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_working_day_corrections_account_id")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_working_day_corrections")),
    )
    op.create_table(
        "hold_lots",
        sa.Column("hold_id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hold_lots_amount")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_hold_lots_hold_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_hold_lots_lot_id")),
        sa.PrimaryKeyConstraint("hold_id", "lot_id", name=op.f("pk_hold_lots")),
    )
    op.create_table(
        "lot_moves",
        sa.Column("transfer_id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_lot_moves_amount")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_moves_lot_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_lot_moves_transfer_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "lot_id", name=op.f("pk_lot_moves")),
    )
    with op.batch_alter_table("lot_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_moves_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("coefficient_centi", sa.Integer(), nullable=False),
        sa.Column("dangerous", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "coefficient_centi BETWEEN 10 AND 1000", name=op.f("ck_posts_coefficient")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_posts_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_posts_event_id_name")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posts_event_id"), ["event_id"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("half_year", sa.String(length=6), nullable=False),
        sa.Column("supplement", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=True),
        sa.Column("facts_hash", sa.String(length=64), nullable=True),
        sa.Column("final_hash", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", ID, nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_ends_on", sa.Date(), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_by_id", ID, nullable=True),
        sa.Column("signed_off_by_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'frozen', 'draft', 'notice', 'decided', 'final')",
            name=op.f("ck_rounds_state"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_rounds_area_id")),
        sa.ForeignKeyConstraint(
            ["noticed_by_id"], ["accounts.id"], name=op.f("fk_rounds_noticed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["accounts.id"], name=op.f("fk_rounds_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policies.version"], name=op.f("fk_rounds_policy_version")
        ),
        sa.ForeignKeyConstraint(
            ["signed_off_by_id"], ["accounts.id"], name=op.f("fk_rounds_signed_off_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint(
            "area_id",
            "half_year",
            "supplement",
            name=op.f("uq_rounds_area_id_half_year_supplement"),
        ),
    )
    op.create_table(
        "scans",
        sa.Column("id", ID, nullable=False),
        sa.Column("scan_id", sa.String(length=36), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("numbers", JSON, nullable=False),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_scans_kind")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'refused', 'duplicate')", name=op.f("ck_scans_outcome")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_scans_account_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_scans_event_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_scans_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_scans_scan_id")),
    )
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scans_event_id_scanned_at", ["event_id", "scanned_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scans_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "service_records",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("event_name", sa.String(length=80), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("organising_unit", sa.String(length=60), nullable=False),
        sa.Column("leader_name", sa.String(length=60), nullable=False),
        sa.Column("recording_unit", sa.String(length=60), nullable=False),
        sa.Column("recorder", sa.String(length=60), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("coefficient_centi", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("waits_for", sa.String(length=12), nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("source_type", sa.String(length=10), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("import_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", ID, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "grade IN ('scanned', 'leader', 'imported', 'backfilled')",
            name=op.f("ck_service_records_grade"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'refused', 'withdrawn')",
            name=op.f("ck_service_records_state"),
        ),
        sa.CheckConstraint(
            "waits_for IN ('leader', 'end', 'coordinator', 'second')",
            name=op.f("ck_service_records_waits_for"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_service_records_order")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_service_records_minutes")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["accounts.id"], name=op.f("fk_service_records_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_service_records_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_service_records_event_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_service_records_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_records_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_records")),
        sa.UniqueConstraint(
            "source_type", "source_key", name=op.f("uq_service_records_source_type_source_key")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("service_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_records_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_service_records_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index(
            "ix_service_records_state_served_on_id", ["state", "served_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_service_records_team_id_served_on", ["team_id", "served_on"], unique=False
        )
        batch_op.create_index(
            "ix_service_records_volunteer_id_starts_at", ["volunteer_id", "starts_at"], unique=False
        )

    op.create_table(
        "stock_moves",
        sa.Column("id", ID, nullable=False),
        sa.Column("gift_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("redemption_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('receive', 'hand_over', 'write_off', 'count', 'return')",
            name=op.f("ck_stock_moves_kind"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_moves_quantity")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_stock_moves_account_id")
        ),
        sa.ForeignKeyConstraint(["gift_id"], ["gifts.id"], name=op.f("fk_stock_moves_gift_id")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_stock_moves_redemption_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.create_index("ix_stock_moves_gift_id_at", ["gift_id", "at"], unique=False)

    op.create_table(
        "disputes",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_disputes_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_disputes_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_disputes_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_disputes_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disputes_record_id"), ["record_id"], unique=False)

    op.create_table(
        "evaluations",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_evaluations_score")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_evaluations_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_evaluations_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("record_id", name=op.f("uq_evaluations_record_id")),
    )
    op.create_table(
        "record_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_record_changes_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_record_changes_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_changes")),
    )
    with op.batch_alter_table("record_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_record_changes_record_id"), ["record_id"], unique=False
        )

    op.create_table(
        "round_results",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("amended", JSON, nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.CheckConstraint("stars BETWEEN 0 AND 5", name=op.f("ck_round_results_stars")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_results_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_round_results_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_results")),
        sa.UniqueConstraint(
            "round_id", "volunteer_id", name=op.f("uq_round_results_round_id_volunteer_id")
        ),
    )
    with op.batch_alter_table("round_results", schema=None) as batch_op:
        batch_op.create_index(
            "ix_round_results_round_id_stars_id", ["round_id", "stars", "id"], unique=False
        )
        batch_op.create_index("ix_round_results_volunteer_id", ["volunteer_id"], unique=False)

    op.create_table(
        "shifts",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_shifts_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shifts_order")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_shifts_event_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_shifts_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shifts_event_id"), ["event_id"], unique=False)

    op.create_table(
        "certificates",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("result_id", ID, nullable=True),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", ID, nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", ID, nullable=True),
        sa.Column("revoke_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(kind = 'honour') = (result_id IS NOT NULL)", name=op.f("ck_certificates_ground")
        ),
        sa.CheckConstraint("kind IN ('honour', 'service')", name=op.f("ck_certificates_kind")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["accounts.id"], name=op.f("fk_certificates_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["round_results.id"], name=op.f("fk_certificates_result_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["accounts.id"], name=op.f("fk_certificates_revoked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_certificates_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("result_id", "issue", name=op.f("uq_certificates_result_id_issue")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificates_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "objections",
        sa.Column("id", ID, nullable=False),
        sa.Column("result_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("facts_before", JSON, nullable=True),
        sa.Column("facts_after", JSON, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_objections_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_objections_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_objections_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["round_results.id"], name=op.f("fk_objections_result_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objections_result_id"), ["result_id"], unique=False)
        batch_op.create_index(
            "uq_objections_open_result_id",
            ["result_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "sign_ups",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('confirmed', 'waiting', 'cancelled', 'no_show')",
            name=op.f("ck_sign_ups_state"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_sign_ups_event_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_sign_ups_shift_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_sign_ups_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint(
            "shift_id", "volunteer_id", name=op.f("uq_sign_ups_shift_id_volunteer_id")
        ),
    )
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sign_ups_event_id_volunteer_id", ["event_id", "volunteer_id"], unique=False
        )
        batch_op.create_index("ix_sign_ups_volunteer_id", ["volunteer_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("sign_up_id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "checked_out_at IS NULL OR checked_out_at >= checked_in_at",
            name=op.f("ck_attendances_order"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_attendances_event_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_attendances_shift_id")),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_attendances_sign_up_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_attendances_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("sign_up_id", name=op.f("uq_attendances_sign_up_id")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attendances_event_id_volunteer_id", ["event_id", "volunteer_id"], unique=False
        )


def downgrade() -> None:
    """Take back."""

    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index("ix_attendances_event_id_volunteer_id")

    op.drop_table("attendances")
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_ups_volunteer_id")
        batch_op.drop_index("ix_sign_ups_event_id_volunteer_id")

    op.drop_table("sign_ups")
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_objections_open_result_id",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_objections_result_id"))

    op.drop_table("objections")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_volunteer_id"))

    op.drop_table("certificates")
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shifts_event_id"))

    op.drop_table("shifts")
    with op.batch_alter_table("round_results", schema=None) as batch_op:
        batch_op.drop_index("ix_round_results_volunteer_id")
        batch_op.drop_index("ix_round_results_round_id_stars_id")

    op.drop_table("round_results")
    with op.batch_alter_table("record_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_changes_record_id"))

    op.drop_table("record_changes")
    op.drop_table("evaluations")
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disputes_record_id"))

    op.drop_table("disputes")
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_moves_gift_id_at")

    op.drop_table("stock_moves")
    with op.batch_alter_table("service_records", schema=None) as batch_op:
        batch_op.drop_index("ix_service_records_volunteer_id_starts_at")
        batch_op.drop_index("ix_service_records_team_id_served_on")
        batch_op.drop_index("ix_service_records_state_served_on_id")
        batch_op.drop_index(batch_op.f("ix_service_records_import_id"))
        batch_op.drop_index(batch_op.f("ix_service_records_event_id"))

    op.drop_table("service_records")
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scans_volunteer_id"))
        batch_op.drop_index("ix_scans_event_id_scanned_at")

    op.drop_table("scans")
    op.drop_table("rounds")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_event_id"))

    op.drop_table("posts")
    with op.batch_alter_table("lot_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_moves_lot_id"))

    op.drop_table("lot_moves")
    op.drop_table("hold_lots")
    op.drop_table("working_day_corrections")
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_transfers_source",
            sqlite_where=sa.text("kind NOT IN ('expire', 'repay')"),
            postgresql_where=sa.text("kind NOT IN ('expire', 'repay')"),
        )
        batch_op.drop_index("ix_transfers_debit_id_id")
        batch_op.drop_index("ix_transfers_credit_id_id")
        batch_op.drop_index(batch_op.f("ix_transfers_at"))

    op.drop_table("transfers")
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tokens_account_id"))

    op.drop_table("tokens")
    with op.batch_alter_table("redemptions", schema=None) as batch_op:
        batch_op.drop_index("ix_redemptions_volunteer_id_ordered_at")
        batch_op.drop_index("ix_redemptions_state_lapses_at")
        batch_op.drop_index(batch_op.f("ix_redemptions_gift_id"))

    op.drop_table("redemptions")
    op.drop_table("policies")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_index("ix_lots_expires_on")

    op.drop_table("lots")
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_looks_volunteer_id"))

    op.drop_table("looks")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_subject")

    op.drop_table("journal")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holds_points_account_id"))

    op.drop_table("holds")
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grants_account_id"))

    op.drop_table("grants")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_team_id_starts_at")
        batch_op.drop_index(batch_op.f("ix_events_starts_at"))

    op.drop_table("events")
    op.drop_table("day_sheets")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaints_volunteer_id"))

    op.drop_table("complaints")
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustments_volunteer_id"))

    op.drop_table("adjustments")
    op.drop_table("points_accounts")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_memberships_team_id"))
        batch_op.drop_index(batch_op.f("ix_memberships_import_id"))

    op.drop_table("memberships")
    op.drop_table("guardians")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_volunteer_id"))

    op.drop_table("consents")
    op.drop_table("accounts")
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_index("ix_volunteers_phone_key_name")
        batch_op.drop_index(batch_op.f("ix_volunteers_name"))
        batch_op.drop_index(batch_op.f("ix_volunteers_import_id"))
        batch_op.drop_index("ix_volunteers_area_id_id")

    op.drop_table("volunteers")
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_teams_name"))
        batch_op.drop_index(batch_op.f("ix_teams_import_id"))
        batch_op.drop_index(batch_op.f("ix_teams_area_id"))

    op.drop_table("teams")
    with op.batch_alter_table("refused_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_refused_rows_import_id_id")

    op.drop_table("refused_rows")
    with op.batch_alter_table("gifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gifts_import_id"))

    op.drop_table("gifts")
    op.drop_table("seals")
    with op.batch_alter_table("scheduled_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheduled_jobs_next_run_time"))

    op.drop_table("scheduled_jobs")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_projects_import_id"))

    op.drop_table("projects")
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_job_runs_name_id")

    op.drop_table("job_runs")
    op.drop_table("imports")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_keys_at"))

    op.drop_table("idempotency_keys")
    op.drop_table("heartbeat")
    op.drop_table("certificate_serials")
    with op.batch_alter_table("brands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brands_import_id"))

    op.drop_table("brands")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_index("ix_areas_path", postgresql_ops={"path": "text_pattern_ops"})
        batch_op.drop_index(batch_op.f("ix_areas_import_id"))

    op.drop_table("areas")
