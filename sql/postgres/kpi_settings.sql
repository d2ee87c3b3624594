-- Generated. Table kpi_settings: DDL and merge.
create table if not exists "kpi_settings" (
    "name" text not null,
    "value" text not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "kpi_settings" is 'KpiSetting is one of the organisation''s switches of how figures are counted. Views look here, so that what they show and how it was counted are never apart; a setting that is not here has its default.';
comment on column "kpi_settings"."name" is 'The setting: count_abandons, short_abandons or repeat_days.';
comment on column "kpi_settings"."value" is 'Its value, as text.';
comment on column "kpi_settings"."source_run" is 'The run that made this version of the row.';
comment on column "kpi_settings"."observed_at" is 'When the source was asked.';
comment on column "kpi_settings"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "kpi_settings"."etl_loaded_at" is 'When this version was written to the warehouse.';
