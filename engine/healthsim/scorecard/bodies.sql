-- The latest value of every analyte that surveys publish, of each of the first 100,000 people, measured or not.

CREATE TEMP MACRO latest_of(wanted, analyte, value, measured_at) AS
  max_by(value, measured_at) FILTER (analyte = wanted);

CREATE TEMP TABLE bodies AS
SELECT person.person_id, any_value(gender) AS gender,
  age_at(any_value(birth_date), coalesce(max(measured_at), any_value(seen_on))) AS age,
{columns}
FROM (FROM people WHERE birth_date IS NOT NULL ORDER BY person_id LIMIT 100000) AS person
CROSS JOIN (SELECT coalesce(as_of(), max(measured_at)::DATE) AS seen_on FROM readings)
LEFT JOIN readings ON readings.person_id = person.person_id
GROUP BY person.person_id;
