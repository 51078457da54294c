-- Computes every star and both hashes of an exported round again, from its files alone.
-- In the folder of the export: duckdb -csv < check.sql
-- One row: people, stars that differ, minutes that are not the sum of their records,
-- and whether policy, frozen facts and final facts meet their hashes.
CREATE TEMP TABLE policy AS
  SELECT content AS text, json(content) AS numbers FROM read_text('policy.json');
CREATE TEMP TABLE round AS SELECT json(content) AS said FROM read_text('round.json');
CREATE TEMP VIEW facts AS SELECT * FROM read_csv('facts.csv', header = true, all_varchar = true);
CREATE TEMP VIEW frozen AS SELECT * FROM read_csv('frozen.csv', header = true, all_varchar = true);
CREATE TEMP VIEW records AS SELECT * FROM read_csv('records.csv', header = true);

-- A line of facts, as it was hashed: all columns from the first to the records.
CREATE TEMP MACRO line(f) AS concat_ws(',', f.volunteer_id, f.half_year, f.confirmed_minutes,
  f.registered_on, f.upheld_complaints, f.evaluation_count, f.evaluation_sum,
  CASE WHEN f.facts_format = '1' THEN NULL ELSE coalesce(f.records, '') END) || chr(10);
CREATE TEMP MACRO begun(format) AS (SELECT sha256(text) FROM policy) || chr(10)
  || CASE WHEN format = 1 THEN '' ELSE 'facts ' || format || chr(10) END;
CREATE TEMP TABLE hashes AS SELECT
  (SELECT sha256(begun((said->>'facts_format')::INT) || string_agg(line(f), '' ORDER BY f.volunteer_id::BIGINT))
     FROM frozen f) AS frozen,
  (SELECT sha256(begun((said->>'facts_format')::INT) || string_agg(line(f), '' ORDER BY f.volunteer_id::BIGINT))
     FROM facts f) AS final
  FROM round;

-- The rules: minutes reach a threshold; registration, complaints and evaluations may cost the star.
CREATE TEMP VIEW rated AS SELECT f.volunteer_id, f.stars::INT AS stars,
  CASE
    WHEN date_diff('day', f.registered_on::DATE, (said->>'ends_on')::DATE)
      < (numbers->>'registered_days')::INT THEN 0
    WHEN f.upheld_complaints::INT > (numbers->>'complaints_allowed')::INT THEN 0
    WHEN f.evaluation_count::INT >= (numbers->>'evaluations_needed')::INT
      AND f.evaluation_sum::INT * 100
        < (numbers->>'quality_mean_centi')::INT * f.evaluation_count::INT THEN 0
    ELSE len(list_filter(CAST(numbers->'star_minutes' AS INT[]),
      lambda least: f.confirmed_minutes::INT >= least))
  END AS computed
  FROM facts f, policy, round;

SELECT
  (SELECT count(*) FROM rated) AS people,
  (SELECT count(*) FROM rated WHERE stars IS DISTINCT FROM computed) AS stars_differ,
  (SELECT count(*) FROM facts f WHERE f.facts_format <> '1' AND f.confirmed_minutes::INT <>
     (SELECT coalesce(sum(minutes), 0) FROM records r WHERE r.volunteer_id = f.volunteer_id::BIGINT)) AS minutes_differ,
  (SELECT sha256(text) FROM policy) = (said->>'policy_hash') AS policy_is_true,
  (SELECT frozen FROM hashes) = (said->>'facts_hash') AS frozen_is_true,
  coalesce((SELECT final FROM hashes) = (said->>'final_hash'), false) AS final_is_true
  FROM round;
