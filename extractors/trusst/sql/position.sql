select
  pg_is_in_recovery(),
  pg_last_xact_replay_timestamp(),
  clock_timestamp()
