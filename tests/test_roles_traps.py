"""Traps both ways: what looks like a physician and is none, and the physician who looks like the trap.

All profiles are invented. Each case is name, bio and role; a case with "|" allows either.
"""

import pandas as pd
import pytest

from netmed import roles

CASES = [
    # denial
    ("Jo Korvel", "I'm not a doctor. Carpenter.", "other"),
    ("Jo Korvel", "Radiologist. I'm not your doctor.", "physician"),
    ("Jo Korvel", "Not medical advice. Plumber from Leeds.", "other"),
    ("Jo Korvel", "Anesthesiologist. Tweets are not medical advice.", "physician"),
    ("Paco Korvel", "No soy médico, soy profesor de instituto.", "other"),
    ("Jo Korvel", "Ich bin kein Arzt. Lehrer.", "other"),
    ("Gül Korvel", "Hemşire. Doktor değilim.", "other_clinician"),
    # relatives and one's own doctors
    ("Jo Korvel", "My wife is an MD. Accountant.", "other"),
    ("Jo Korvel", "Wife of a surgeon. Teacher.", "other"),
    ("Jo Korvel", "Wife, mother, surgeon.", "physician"),
    ("Jo Korvel", "Married to an anesthesiologist. Realtor.", "other"),
    ("Jo Korvel", "Daughter of a GP, now a GP myself.", "physician"),
    ("Jo Korvel", "Asked my doctor, he laughed. Ultramarathons.", "other"),
    ("Jo Korvel", "Lupus warrior. My rheumatologist and my nephrologist are heroes.", "patient_advocate"),
    ("Jo Korvel (she/her)", "she/her pediatrician", "physician"),
    # what stands behind a profession is not always its owner
    ("Jo Korvel", "Family doctor obsessed with coffee", "physician"),
    ("Jo Korvel", "Nephrologist inspired by my patients", "physician"),
    ("Jo Korvel", "Mitral valve surgeon. Dad.", "physician"),
    ("Jo Korvel", "Gamma knife neurosurgeon", "physician"),
    ("Jo Korvel", "Child psychiatrist, CAMHS", "physician"),
    ("Jo Korvel", "Hospitalist. #rstats, data sci", "physician"),
    ("Jo Korvel", "HVAC & valve guy", "other"),
    # offices have commas, other phrases have none
    ("Jo Korvel", "Chief, Division of Nephrology", "physician"),
    ("Jo Korvel", "Clerkship director", "physician"),
    ("Jo Korvel", "Fire chief, resident of Towson. Dad.", "other"),
    ("Jo Korvel", "Editor in chief, resident of Boston", "other"),
    ("Jo Korvel", "MD, candidate for Congress", "other"),
    # the last word
    ("Jo Korvel", "NICU Attg", "physician"),
    ("Jo Korvel", "Cardiology Attending", "physician"),
    ("Jo Korvel", "Dad, Yale Attending", "physician"),
    # years of study
    ("Jo Korvel", "Studente di medicina, V anno", "trainee"),
    ("Jo Korvel", "Medizinstudentin im 7 Semester", "trainee"),
    # MD
    ("Jo Korvel", "Potter in Frederick, MD", "other"),
    ("Jo Korvel, MD", "Potter in Frederick, MD. Also a nephrologist.", "physician"),
    ("Jo Korvel", "MD & CEO, Korvel Freight", "other"),
    ("Jo Korvel", "Managing Director (MD) of a paint company", "other"),
    ("Jo Korvel", "Muscular dystrophy (MD) caregiver. Raising awareness.", "patient_advocate"),
    ("Jo Korvel", "MD-80 and MD-11 pictures from the fence. Aircraft spotter.", "other"),
    ("MD Korvel Hossain", "Cricket and code. Software engineer.", "other"),
    ("Jo Korvel MD", "", "physician"),
    ("Jo Korvel, M.D.", "Xxxx xxxxx.", "physician"),
    ("jo korvel md", "pathologist", "physician"),
    # DO, PA, ND, DC
    ("Jo Korvel, DO", "Sports medicine.", "physician"),
    ("THE THINGS WE DO", "WHAT TO DO AND WHERE TO GO", "other|organisation|unknown"),
    ("Jo Korvel, PA-C", "Orthopedics.", "other_clinician"),
    ("Jo Korvel", "Beekeeper. Lancaster, PA", "other"),
    ("Jo Korvel, ND", "Naturopathic doctor. Herbs.", "other_clinician"),
    ("Jo Korvel MD", "Hospitalist in Fargo, ND", "physician"),
    # Dr
    ("Dr Jo Korvel", "Consultant rheumatologist.", "physician"),
    ("Dr. Jo Korvel", "PhD in medieval history. Lecturer.", "researcher"),
    ("Dr Jo Korvel, MD PhD", "Immunologist and internist.", "physician"),
    ("Dr. Jo Korvel, DVM", "Small animals.", "other_clinician"),
    ("Dr. Jo Korvel DDS", "Family dentist.", "other_clinician"),
    ("Dr Jo Korvel", "Chiropractor.", "other_clinician"),
    ("Dr. Jo Korvel, DNP", "Nurse practitioner.", "other_clinician"),
    ("Dr. Jo Korvel, PharmD", "Infectious diseases pharmacist.", "other_clinician"),
    ("Dr. Jo Korvel, PsyD", "Psychologist.", "other_clinician"),
    ("Dr. rer. nat. Jo Korvel", "Chemiker.", "researcher"),
    ("Dr. Jo Korvel", "Docteur en droit, avocat.", "other"),
    ("Whovian Jo", "Doctor Who fan. Daleks.", "other"),
    ("Jo Korvel, MD", "Intensivist, Doctor Who fan.", "physician"),
    ("Korvel Dr Residents Association", "News for residents of Korvel Dr and Elm St.", "organisation|media"),
    # training
    ("Jo Korvel, MD", "PGY-3, emergency medicine", "trainee"),
    ("Jo Korvel MD", "Cardiology fellow", "trainee"),
    ("Jo Korvel", "Fellow of the Royal College of Physicians. Diabetologist.", "physician"),
    ("Jo Korvel", "Fellow of the Royal Society of Arts. Illustrator.", "other"),
    ("Jo Korvel", "Medical student, year 3", "trainee"),
    ("Jo Korvel", "Premed, applying to med school", "student"),
    ("Jo Korvel", "Nursing student", "student"),
    ("Jo Korvel", "Pharmacy resident, PharmD", "other_clinician"),
    ("Jo Korvel", "Lifelong Bronx resident. Chef.", "other"),
    ("Jo Korvel", "Psychiatry resident.", "trainee"),
    ("Jo Korvel", "Surgical registrar. Rugby.", "trainee"),
    ("Jo Korvel", "Registrar of births. Celebrant.", "other"),
    ("Jo Korvel, MD", "Internal medicine residency program director", "physician"),
    # programmes, journals, industry, media
    ("Korvel Emergency Medicine Residency", "Official account of the residents. 12 per year.", "organisation"),
    ("Korvel Department of Surgery", "Official account.", "organisation"),
    ("Korvel Journal of Nephrology", "Peer-reviewed, open access.", "journal"),
    ("Jo Korvel MD", "Editor-in-chief, Korvel Journal of Nephrology. Nephrologist.", "physician"),
    ("Jo Korvel", "Physician recruiter.", "industry"),
    ("Jo Korvel", "Medical device sales rep. Spine.", "industry"),
    ("Jo Korvel", "Health reporter. I interview doctors.", "media"),
    ("Jo Korvel MD", "Family physician and podcast host.", "physician"),
    # consultant, attending, GP, surgeon, doctor as idioms
    ("Jo Korvel", "Consultant dermatologist", "physician"),
    ("Jo Korvel", "SAP consultant", "other"),
    ("Jo Korvel", "ICU attending", "physician"),
    ("Jo Korvel", "Attending concerts since 1989. Setlists.", "other"),
    ("Jo Korvel", "GP in Cork", "physician"),
    ("Jo Korvel", "GP at Korvel Ventures, seed investor", "other"),
    ("Jo Korvel", "Tree surgeon", "other"),
    ("Jo Korvel", "Surgeon. Cyclist.", "physician"),
    ("Jo Korvel", "Shoe doctor. Resoling.", "other"),
    ("Jo Korvel", "Retired pediatrician, grandpa", "physician"),
    ("Jo Korvel", "Med school dropout, pastry chef", "other"),
    # other clinicians
    ("Jo Korvel RN", "ICU nurse", "other_clinician"),
    ("Jo Korvel", "Speech pathologist", "other_clinician"),
    ("Jo Korvel", "Neuroscientist. Brains.", "researcher"),
    ("Jo Korvel", "Epidemiologist", "researcher"),
    # weak and decorated
    ("Jo Korvel", "Assistant Professor of Medicine", "physician"),
    ("Jo Korvel", "Nephrology @KorvelGen", "physician"),
    ("𝐉𝐨 𝐊𝐨𝐫𝐯𝐞𝐥 𝐌𝐃", "𝐆𝐞𝐫𝐢𝐚𝐭𝐫𝐢𝐜𝐬", "physician"),
    ("Jo K", "Derm​atologist", "physician"),
    # languages
    ("Jo Korvel", "Fachärztin für Neurologie", "physician"),
    ("Jo Korvel", "Interne en pédiatrie", "trainee"),
    ("Jo Korvel", "Médica residente de pediatría", "trainee"),
    ("Jo Korvel", "Residente a Torino. Grafico.", "other"),
    ("Jo Korvel", "Arts en schrijver, werkt op de SEH", "physician"),
    ("Jo Korvel", "Arts & culture in Leeds. Theatre reviews.", "other|unknown|media"),
    ("佐藤", "循環器内科医です", "physician"),
    ("佐藤", "研修医2年目", "trainee"),
    ("王", "急诊护士", "other_clinician"),
]


@pytest.fixture(scope="module")
def found() -> "pd.Series[str]":
    profiles = pd.DataFrame({"name": [case[0] for case in CASES], "description": [case[1] for case in CASES]})
    return roles.classify(profiles)["role"]


@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_trap(at: int, found: "pd.Series[str]") -> None:
    assert found[at] in CASES[at][2].split("|")
