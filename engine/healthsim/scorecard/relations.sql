-- What the rules speak of besides the cohort's tables. First part: what rests on the tables alone.

CREATE TEMP MACRO age_at(birth, day) AS datesub('year', birth::DATE, day::DATE);

-- CKD-EPI 2021, mL/min/1.73 m2, of creatinine in mg/dL (Inker et al., N Engl J Med 2021;385:1737).
CREATE TEMP MACRO ckd_epi_2021(creatinine, age, gender) AS
  142
  * least(creatinine / CASE gender WHEN 'F' THEN 0.7 ELSE 0.9 END, 1) ^ CASE gender WHEN 'F' THEN -0.241 ELSE -0.302 END
  * greatest(creatinine / CASE gender WHEN 'F' THEN 0.7 ELSE 0.9 END, 1) ^ -1.2
  * 0.9938 ^ age
  * CASE gender WHEN 'F' THEN 1.012 ELSE 1 END;

CREATE TEMP TABLE people AS
SELECT person_id, birth_date, gender::VARCHAR AS gender, deceased_date FROM patients;

-- Every ICD-10-CM code, with where it stands and the day it counts from.
CREATE TEMP VIEW coded AS
SELECT 'diagnoses.code' AS place, person_id, code::VARCHAR AS code, onset_date AS day
FROM diagnoses WHERE code IS NOT NULL
UNION ALL
SELECT 'encounters.reason_code', person_id, reason_code::VARCHAR, start_time::DATE
FROM encounters WHERE reason_code IS NOT NULL
UNION ALL
SELECT 'medications.reason_code', person_id, reason_code::VARCHAR, start_date
FROM medications WHERE reason_code IS NOT NULL
UNION ALL
SELECT 'procedures.reason_code', person_id, reason_code::VARCHAR, performed_date
FROM procedures WHERE reason_code IS NOT NULL
UNION ALL
SELECT 'referrals.reason_code', person_id, reason_code::VARCHAR, referred_date
FROM referrals WHERE reason_code IS NOT NULL
UNION ALL
SELECT 'care_plans.reason_code', person_id, reason_code::VARCHAR, start_date
FROM care_plans WHERE reason_code IS NOT NULL;
