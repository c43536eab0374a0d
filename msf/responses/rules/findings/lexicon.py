"""The words and phrases that are looked for: who is writing, where, who may be in danger, and insults."""

from msf.responses.rules.findings.phrases import Phrasebook, read


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.replace(",", "\n").splitlines() if line.strip())


JOBS = _lines("""
registrar, consultant, trainee, doctor, junior doctor, senior doctor, gp, general practitioner, partner, locum, nurse
practice nurse, staff nurse, charge nurse, ward sister, sister, matron, midwife, health visitor, healthcare assistant
health care assistant, hca, pharmacist, pharmacy technician, technician, dentist, hygienist, dental nurse, therapist
physiotherapist, physio, occupational therapist, ot, radiographer, paramedic, porter, receptionist, secretary
administrator, ward clerk, clerk, manager, practice manager, line manager, supervisor, clinical supervisor
educational supervisor, trainer, tutor, mentor, student, medical student, student nurse, foundation doctor, fy1, fy2, f1
f2, sho, house officer, surgeon, anaesthetist, physician, psychiatrist, psychologist, paediatrician, radiologist
pathologist, oncologist, cardiologist, obstetrician, gynaecologist, dietitian, dietician, social worker, counsellor
director, medical director, clinical director, lead, team leader, appraiser, assistant, physician associate
anaesthetic nurse, scrub nurse, theatre nurse, operating department practitioner, odp, chaplain, cleaner, phlebotomist
optometrist, podiatrist, speech therapist, coordinator, co ordinator, apprentice, volunteer, interpreter, colleague
""")
KIN = _lines("""
wife, husband, partner, mother, mum, father, dad, son, daughter, sister, brother, carer, grandmother, grandfather
granddaughter, grandson, niece, nephew, aunt, uncle, neighbour, friend, widow, widower, parent, boyfriend, girlfriend
""")
WARDS = _lines("""
itu, icu, hdu, ccu, nicu, picu, scbu, mau, amu, sau, cdu, aau, a e, intensive care, intensive care unit
high dependency, coronary care, special care baby unit, acute medical unit, surgical admissions, labour ward
delivery suite, birth centre, maternity ward, postnatal ward, antenatal clinic, stroke unit, burns unit, renal unit
dialysis unit, day surgery, day surgery unit, day case unit, fracture clinic, eye clinic, pain clinic, chest clinic
memory clinic, diabetic clinic, diabetes clinic, baby clinic, endoscopy, endoscopy unit, chemotherapy unit
oncology ward, oncology unit, emergency department, casualty, minor injuries, minor injuries unit, walk in centre
discharge lounge, recovery room, theatre recovery, medical assessment unit, children s ward, paediatric ward
psychiatric ward, secure unit, hospice, outpatients, out patients, x ray department, radiology department
physiotherapy department, care home, nursing home
""")
_SETS = {"job": [*JOBS, *(f"{job}s" for job in JOBS)], "kin": KIN, "ward": WARDS}

ROLE = read(
    """
    as his|her|their|your ~2 <job>
    as his|her|their <kin>
    as a|an|the|one ~3 <job>
    as one of his|her|their|the ~3 <job>
    as someone|somebody who ~2 works|worked|shares|shared|trains|trained|supervises|supervised|manages|managed
    as the|his|her|their only ~3 <job>
    as part of his|her|their ~2 team|firm|rota
    i am|was|m ~3 <job>
    i am|was|m his|her|their ~2 <kin>
    i ve|have been ~4 <job>
    i work|worked|trained|joined|started|qualified ~1 as ~3 <job>
    i ve|have worked|work with|for|alongside him|her|them|dr ~2 for|since ~3 year|years|months|weeks
    i ve|have worked as ~3 <job>
    i ve|have supervised|managed|trained|mentored|appraised|employed|shadowed him|her|them
    i supervise|supervised|manage|managed|mentor|mentored|appraise|appraised him|her|them
    i employ|employed|shadowed|trained him|her|them
    i line manage|managed
    i share|shared an|the office|room
    when i was ~3 <job>
    when i was|did ~2 placement|rotation|attachment
    during my ~2 placement|rotation|attachment|training|attachments
    in my ~2 role|post|job|capacity
    my ~2 role|post|job ~1 as|is
    speaking|writing as ~2 <job>
    we ~1 nurses|doctors|midwives|pharmacists|receptionists|registrars|trainees|students|consultants|partners|gps
    being ~1 only ~3 <job>
    the only ~2 <job>
    he|she|they is|was|are|were my ~2 <job>
    my ~2 supervisor|trainer|mentor|trainee|registrar|consultant|tutor|appraiser
    my <kin>
    """,
    _SETS,
)
PLACE = read(
    """
    ward|wards|bay|bed|theatre|cubicle|clinic|room|unit|floor|level|suite|block|corridor no|number? # X?
    ward|bay|theatre|cubicle|unit|block|wing|suite X #?
    #|first|second|third|fourth|top|ground rd|th|st|nd? floor
    <ward>
    """,
    _SETS,
)
SAFEGUARDING = read("""
    abus*
    abusive*
    assault*
    hit|attacked|punched|slapped|kicked|choked|strangled me|him|her|them|us|a|the
    bully*
    bullied
    danger*
    endanger*
    unsafe*
    not safe
    not ~1 safe to|for|with
    risk to ~2 patient|patients|life|others|safety|public|children
    patient|patients|child|children|people|life|lives|safety at|was|were|is|are|put at? risk
    harm|harms|harmed|harming|harmful|harmfully
    self harm*
    selfharm*
    hurt|injure|kill|cut myself|himself|herself|themselves|yourself|someone|somebody
    hurting|injuring|killing|cutting myself|himself|herself|themselves
    suicid*
    end|take|took|ending|taking my|his|her|their|own own? life
    overdos*
    neglect*
    negligen*
    malpractice
    rape
    raped
    molest*
    grope*
    groping
    sexual*
    touched|touching ~2 inappropriate*
    inappropriate* touch*
    touched me|breasts
    harass*
    racis*
    sexis*
    homophob*
    transphob*
    discriminat*
    threaten*
    violen*
    domestic violence|abuse
    drunk*
    alcohol*
    under the influence
    smell|smells|smelt|smelled|reeked|stank of ~1 drink|drinking|beer|wine|gin|whisky|vodka|cannabis
    on drugs
    stole|stolen|stealing|steals ~3 drugs|medication|medicine|medicines|money|patients|opiates|morphine
    taking|took ~1 drugs|opiates|morphine|diamorphine|fentanyl|ketamine ~1 from
    falsif*
    forged|forging|faked|faking|altered ~2 notes|records|signature|signatures|prescription|prescriptions
    never event
    near miss
    wrong patient|site|side|drug|dose|blood|leg|eye|limb|kidney|tooth
    died because|after|as|from|needlessly
    nearly|almost died
    avoidable death|deaths
    safeguarding
    child protection
    vulnerable adult|adults
    whistleblow*
    whistle blow*
    struck off
    fitness to practise
    reported to the? gmc|gdc|gphc|cqc|police
    police
    covered|cover up|cover|covering
    without ~1 consent
""")
ABUSE = read("""
    idiot*
    imbecil*
    moron*
    stupid*
    cretin*
    dumb
    pathetic
    useless
    scum
    vermin
    worthless
    disgusting
    disgrace*
    fuck*
    shit*
    bullshit
    crap
    cunt*
    twat*
    wank*
    bastard*
    bitch*
    cow
    slag
    slut*
    whore*
    prick
    dick|dickhead
    arse|arsehole|arseholes
    asshole*
    tosser*
    bollocks
    pig
    retard*
    spastic*
    lunatic
    nutter
    psycho
    nazi*
    paki|pakis
    nigger*
    chink|chinky
    wog|wogs
    coon|coons
    gyppo*
    pikey*
    faggot*
    poof
    dyke
    tranny
    go back to where|your
    hate him|her|them|this
""")

BOOK = Phrasebook({"role": ROLE, "ward": PLACE, "safeguarding": SAFEGUARDING, "abuse": ABUSE})
"""Every phrase, with the kind of finding that it is."""
