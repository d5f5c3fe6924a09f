-- What holds of every cohort with products, in plain SQL over its file: each query counts what breaks it.

-- lines: charge = adjustment + allowed, and allowed = what everybody pays of it
SELECT count(*) FROM claim_lines WHERE allowed IS NOT NULL
AND (billed <> adjustment + allowed OR allowed <> deductible + copay + coinsurance + other_payer + paid);

-- lines: nothing is allowed beyond the charge, and nobody pays less than nothing but where it is taken back
SELECT count(*) FROM claim_lines JOIN claims USING (claim_id) WHERE abs(claim_lines.allowed) > abs(claim_lines.billed)
OR least(claim_lines.billed, claim_lines.allowed, claim_lines.paid, claim_lines.deductible, claim_lines.copay,
         claim_lines.coinsurance) < 0 AND frequency_code <> '8';

-- claims: every amount is the sum of the lines'
SELECT count(*) FROM claims FULL JOIN (
  SELECT claim_id, sum(billed) AS b, sum(allowed) AS a, sum(adjustment) AS j, sum(deductible) AS d, sum(copay) AS c,
         sum(coinsurance) AS i, sum(other_payer) AS o, sum(paid) AS p
  FROM claim_lines GROUP BY claim_id
) USING (claim_id)
WHERE (billed, allowed, adjustment, deductible, copay, coinsurance, other_payer, paid) IS DISTINCT FROM (b, a, j, d, c, i, o, p);

-- accumulators: what members were asked for in the plan year, no more and no less
SELECT count(*) FROM (
  SELECT person_id, plan_id, plan_year, deductible + hospital_deductible AS met, out_of_pocket FROM accumulators
) FULL JOIN (
  SELECT person_id, plan_id, year(from_date) AS plan_year, sum(deductible) AS asked_first,
         sum(deductible + copay + coinsurance) AS asked
  FROM claims WHERE status IN ('paid', 'voided') GROUP BY ALL
) USING (person_id, plan_id, plan_year)
WHERE (met, out_of_pocket) IS DISTINCT FROM (asked_first, asked);

-- accumulators: the family's are the member's and each relative's
SELECT count(*) FROM accumulators LEFT JOIN (
  SELECT accumulator_id, sum(deductible) AS d, sum(out_of_pocket) AS o FROM relative_accumulators GROUP BY accumulator_id
) USING (accumulator_id)
WHERE family_deductible <> deductible + coalesce(d, 0) OR family_out_of_pocket <> out_of_pocket + coalesce(o, 0);

-- limits: nobody pays more in a plan year than the plan's own row allows, counted anew from claims
SELECT count(*) FROM (
  SELECT person_id, plan_id, year(from_date) AS plan_year, sum(deductible + copay + coinsurance) AS asked
  FROM claims WHERE allowed IS NOT NULL GROUP BY ALL
) JOIN plans USING (plan_id) WHERE asked > out_of_pocket_individual;

-- limits: nor do families, nor anybody more of a deductible
SELECT count(*) FROM accumulators JOIN plans USING (plan_id)
WHERE deductible > deductible_individual OR family_deductible > plans.deductible_family
OR out_of_pocket > out_of_pocket_individual OR family_out_of_pocket > out_of_pocket_family;

-- limits: nor does a relative
SELECT count(*) FROM relative_accumulators AS theirs JOIN accumulators USING (accumulator_id) JOIN plans USING (plan_id)
WHERE theirs.deductible > deductible_individual OR theirs.out_of_pocket > out_of_pocket_individual
OR theirs.deductible > theirs.out_of_pocket;

-- remittances: each pays the sum of its claims, and every decided claim is in one
SELECT count(*) FROM remittances FULL JOIN (
  SELECT remittance_id, count(*) AS n, sum(paid) AS p FROM claims WHERE remittance_id IS NOT NULL GROUP BY remittance_id
) USING (remittance_id) WHERE (claims, paid) IS DISTINCT FROM (n, p);

-- remittances: what payers paid in all is what lines were paid
SELECT count(*) FROM (
  SELECT (SELECT coalesce(sum(paid), 0) FROM remittances) AS told, (SELECT coalesce(sum(paid), 0) FROM claim_lines) AS owed
) WHERE told <> owed;

-- claims: a void takes back all of what it names, once
SELECT count(*) FROM claims AS void LEFT JOIN claims AS taken ON taken.claim_id = void.original_claim_id
WHERE void.frequency_code = '8'
AND ((void.billed, void.allowed, void.paid) IS DISTINCT FROM (-taken.billed, -taken.allowed, -taken.paid) OR taken.status <> 'voided');

-- claims: what is denied costs the payer and the member nothing, and says why
SELECT count(*) FROM claims WHERE (status = 'denied') <> (denial_code IS NOT NULL) OR status = 'denied' AND allowed <> 0
OR status = 'pending' AND allowed IS NOT NULL;

-- coverage: a service on a day that its plan does not cover is denied for that, with 26 or 27, or not billed
SELECT count(*) FROM claims ANTI JOIN enrollments AS span
ON span.person_id = claims.person_id AND span.plan_id = claims.plan_id
AND claims.from_date BETWEEN span.start_date AND coalesce(span.end_date, DATE '9999-12-31')
WHERE status IN ('paid', 'voided') OR status = 'denied' AND denial_code NOT IN ('26', '27', '18');

-- coverage: nothing is billed for the time after death, and nobody is covered then
SELECT (SELECT count(*) FROM claims JOIN patients USING (person_id) WHERE from_date > deceased_date)
     + (SELECT count(*) FROM enrollments JOIN patients USING (person_id)
        WHERE deceased_date IS NOT NULL AND coalesce(end_date, DATE '9999-12-31') > deceased_date);

-- coverage: no two spans of a member overlap
SELECT count(*) FROM (
  SELECT start_date, lag(coalesce(end_date, DATE '9999-12-31')) OVER (PARTITION BY person_id ORDER BY start_date) AS before
  FROM enrollments
) WHERE start_date <= before;

-- households: their size is their people, with one subscriber whom all name
SELECT count(*) FROM (
  SELECT person_id, max(household_size) AS size, count(*) AS people, count(*) FILTER (relationship = 'self') AS holders,
         count(DISTINCT subscriber_id) AS named, count(*) FILTER (relationship = 'self' AND member_id = subscriber_id) AS holding
  FROM (
    SELECT person_id, household_size, relationship::VARCHAR AS relationship, member_id, subscriber_id FROM members
    UNION ALL SELECT person_id, NULL, relationship::VARCHAR, member_id, subscriber_id FROM relatives
  ) GROUP BY person_id
) WHERE size <> people OR holders <> 1 OR named <> 1 OR holding <> 1;

-- households: identifiers of members are unique among members and relatives
SELECT count(*) - count(DISTINCT member_id) FROM (SELECT member_id FROM members UNION ALL SELECT member_id FROM relatives);

-- encounters: every claim is for an encounter of its person on its days, or for an order
SELECT count(*) FROM claims JOIN encounters USING (encounter_id)
WHERE claims.person_id <> encounters.person_id OR from_date < start_time::DATE;

-- pharmacy: cost = ingredient + fee = patient + manufacturer + plan
SELECT count(*) FROM pharmacy_claims WHERE total_cost <> ingredient_cost + dispensing_fee
OR total_cost <> patient_pay + manufacturer_discount + plan_paid OR patient_pay <> deductible + copay + coinsurance;

-- pharmacy: fills have an order, are of its drug, and are paid on covered days before death only
SELECT count(*) FROM pharmacy_claims AS fill JOIN prescriptions USING (prescription_id) JOIN medications USING (medication_id)
JOIN rx_members AS span USING (rx_member_id) JOIN patients ON patients.person_id = fill.person_id
WHERE fill.person_id <> medications.person_id OR fill.rxnorm <> medications.rxnorm OR fill.person_id <> span.person_id
OR fill.status <> 'rejected' AND (fill.service_date NOT BETWEEN span.start_date AND coalesce(span.end_date, DATE '9999-12-31')
                                  OR fill.service_date > deceased_date);

-- pharmacy: what is taken back costs nothing in all
SELECT count(*) FROM pharmacy_claims AS back JOIN pharmacy_claims AS paid ON paid.pharmacy_claim_id = back.reversed_claim_id
WHERE back.total_cost + paid.total_cost <> 0 OR back.patient_pay + paid.patient_pay <> 0 OR back.plan_paid + paid.plan_paid <> 0;

-- trials: no visit outside its window that is not flagged a deviation
SELECT count(*) FROM trial_visits WHERE svstdtc NOT BETWEEN window_first AND window_last AND deviation IS NULL;

-- trials: concomitant drugs and everything else are of people who are there
SELECT count(*) FROM subjects ANTI JOIN patients USING (person_id);
