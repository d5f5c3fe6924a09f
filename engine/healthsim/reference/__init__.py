"""What the world looks like: counties, figures, names, addresses and codes, and the loading of official files."""

from healthsim.reference.addresses import StreetNames, ZipTable, street_names, zip_table
from healthsim.reference.analytes import Analyte, Panel, ReferenceRange, analytes, panels
from healthsim.reference.codes import billable_below, icd10_title, is_billable, is_icd10, nearest_codes, sex_and_age_of
from healthsim.reference.county_figures import CountyFigures, Figure
from healthsim.reference.figures import Places, Reference
from healthsim.reference.frozen import FrozenFigures, FrozenTable
from healthsim.reference.gazetteer import County
from healthsim.reference.levels import STRATA, level_correlations, level_distributions, scored_analytes
from healthsim.reference.lifestyle import PAYERS, Insurance, Smoking, insurance, smoking
from healthsim.reference.loading import LoadedFile, load_file
from healthsim.reference.names import DECADES, FamilyNames, GivenNames, decade_index, family_names, given_names
from healthsim.reference.place_profile import PlaceFigure, PlaceProfile
from healthsim.reference.population import NATIONAL_GROUPS_SOURCE, NationalBand, hispanic_races, national_groups
from healthsim.reference.populationsim import ReferenceProfileResolver, State, reference_of
from healthsim.reference.prevention import Product, Programme, ScreeningCode, Uptake, programmes, screening_codes
from healthsim.reference.status import Load, loaded_files
from healthsim.reference.utilization import CareKind, Reason, care_kinds, child_examinations, complications
from healthsim.reference.vaccines import vaccine_names
from healthsim.reference.visit_measures import measure_shares, monitoring_share, test_years
from healthsim.reference.vocabulary import AGES, CONDITIONS, GROUPS, SEXES, SMOKING

__all__ = [
    "AGES",
    "CONDITIONS",
    "DECADES",
    "GROUPS",
    "NATIONAL_GROUPS_SOURCE",
    "PAYERS",
    "SEXES",
    "SMOKING",
    "STRATA",
    "Analyte",
    "CareKind",
    "County",
    "CountyFigures",
    "FamilyNames",
    "Figure",
    "FrozenFigures",
    "FrozenTable",
    "GivenNames",
    "Insurance",
    "Load",
    "LoadedFile",
    "NationalBand",
    "Panel",
    "PlaceFigure",
    "PlaceProfile",
    "Places",
    "Product",
    "Programme",
    "Reason",
    "Reference",
    "ReferenceProfileResolver",
    "ReferenceRange",
    "ScreeningCode",
    "Smoking",
    "State",
    "StreetNames",
    "Uptake",
    "ZipTable",
    "analytes",
    "billable_below",
    "care_kinds",
    "child_examinations",
    "complications",
    "decade_index",
    "family_names",
    "given_names",
    "hispanic_races",
    "icd10_title",
    "insurance",
    "is_billable",
    "is_icd10",
    "level_correlations",
    "level_distributions",
    "load_file",
    "loaded_files",
    "measure_shares",
    "monitoring_share",
    "national_groups",
    "nearest_codes",
    "panels",
    "programmes",
    "reference_of",
    "scored_analytes",
    "screening_codes",
    "sex_and_age_of",
    "smoking",
    "street_names",
    "test_years",
    "vaccine_names",
    "zip_table",
]
