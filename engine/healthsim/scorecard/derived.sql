-- What the rules speak of besides the cohort's tables. Second part: what rests on the facts, too.

-- Every result and measurement under the name of its analyte, with what is known of that.
CREATE TEMP VIEW readings AS
SELECT person_id, encounter_id, analyte, value, unit, collected_at AS measured_at, units, low, high, sex
FROM labs JOIN analytes ON analytes.loinc = labs.loinc::VARCHAR
UNION ALL
SELECT person_id, encounter_id, analyte, value, unit, taken_at, units, low, high, sex
FROM vitals JOIN analytes ON analytes.loinc = vitals.loinc::VARCHAR;

-- The only value of an analyte in a group of readings; none where there are several, as in a stay in hospital.
CREATE TEMP MACRO only_of(wanted, analyte, value) AS
  CASE WHEN count(*) FILTER (analyte = wanted) = 1 THEN max(value) FILTER (analyte = wanted) END;

-- What an encounter measured on a day, side by side: a stay, and orders of an encounter, have results of several days.
CREATE TEMP TABLE panels AS
SELECT person_id, encounter_id, min(measured_at) AS measured_at,
  only_of('height', analyte, value) AS height,
  only_of('weight', analyte, value) AS weight,
  only_of('bmi', analyte, value) AS bmi,
  only_of('sbp', analyte, value) AS sbp,
  only_of('dbp', analyte, value) AS dbp,
  only_of('mean_pressure', analyte, value) AS mean_pressure,
  only_of('creatinine', analyte, value) AS creatinine,
  only_of('egfr', analyte, value) AS egfr,
  only_of('egfr_schwartz', analyte, value) AS egfr_schwartz,
  only_of('total_cholesterol', analyte, value) AS total_cholesterol,
  only_of('hdl', analyte, value) AS hdl,
  only_of('ldl', analyte, value) AS ldl,
  only_of('triglycerides', analyte, value) AS triglycerides,
  only_of('sodium', analyte, value) AS sodium,
  only_of('chloride', analyte, value) AS chloride,
  only_of('bicarbonate', analyte, value) AS bicarbonate,
  only_of('anion_gap', analyte, value) AS anion_gap,
  only_of('hba1c', analyte, value) AS hba1c,
  only_of('estimated_average_glucose', analyte, value) AS estimated_average_glucose,
  only_of('hemoglobin', analyte, value) AS hemoglobin,
  only_of('hematocrit', analyte, value) AS hematocrit,
  only_of('bilirubin', analyte, value) AS bilirubin,
  only_of('direct_bilirubin', analyte, value) AS direct_bilirubin,
  only_of('albumin', analyte, value) AS albumin,
  only_of('total_protein', analyte, value) AS protein,
  only_of('fev1', analyte, value) AS fev1,
  only_of('fvc', analyte, value) AS fvc,
  only_of('fev1_fvc', analyte, value) AS fev1_fvc
FROM readings
GROUP BY person_id, encounter_id, measured_at::DATE;

-- Every ingredient that is ordered, with what is known of it; an order without an end lasts.
CREATE TEMP TABLE taken AS
SELECT person_id, medication_id, encounter_id, rxnorm::VARCHAR AS rxnorm, medications.name, ingredient, drug_class,
  is_exclusive, sex, minimum_age, schedule, refills, start_date, coalesce(end_date, DATE '9999-12-31') AS last_day
FROM medications JOIN drugs ON drugs.name = medications.name;

-- The same under the ingredient's name and under its class's.
CREATE TEMP VIEW labelled AS SELECT *, unnest([ingredient, drug_class]) AS label FROM taken;

CREATE TEMP VIEW weight_losers AS
SELECT person_id, min(start_date) AS since FROM taken
WHERE drug_class IN ('GLP-1 receptor agonist', 'GIP and GLP-1 receptor agonist', 'sympathomimetic anorectic',
                     'lipase inhibitor', 'SGLT2 inhibitor')
GROUP BY person_id;

-- Readings beside what the latest code before them says of their analyte.
CREATE TEMP VIEW staged_readings AS
SELECT reading.person_id, analyte, value, measured_at, family,
  arg_max(diagnosis.code::VARCHAR, onset_date) AS code, arg_max_null(staged.low, onset_date) AS low,
  arg_max_null(staged.below, onset_date) AS below
FROM readings AS reading JOIN diagnoses AS diagnosis USING (person_id)
JOIN code_limits AS staged USING (analyte) JOIN people USING (person_id)
WHERE staged.code = diagnosis.code AND diagnosis.onset_date <= measured_at::DATE AND age_at(birth_date, measured_at) >= minimum_age
GROUP BY reading.person_id, reading.encounter_id, analyte, value, measured_at, family;
