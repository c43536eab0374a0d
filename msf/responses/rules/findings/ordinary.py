"""Ordinary words that are names too, letters that stand for something else, and the short forms of first names."""

from msf.responses.rules.findings.words import listed

FUNCTION = listed("""
    a about after again al all am an and any are as at be been before but by came can could did do does done down
    each ever for from get go got had has have he her here him his how i if in into is it its make me more most must
    my no nor not now of off on once one only or other our out over own per same she should so some such than that
    the their them then there these they this to too under until up us use very was we were what when where which
    while who whom why with would yes yet you your
    """)
"""The commonest words: as a name they are looked for only with a capital letter inside a sentence."""

ORDINARY = listed("""
    able ace admin administrator anyone art assistant august back bar bell best bill black blue bond bow boy brave
    bright brown burn burns bush calm care case cash chance chase cherry child church clean clear clinic close
    colleague colleagues constant consultant contact cook corner cotton court cross cute dawn day days dean dear
    delay dental dentist department do doctor drew duty early east email enquiries even ever fair faith farmer
    feedback felt field fields firm first fish fitting flower flowers fortune frank friend friends gamble gay gene
    general gentle ginger gold good grace grant great green grey guest guy hall hand hands hardy hazard head health
    healthcare heart hello help high hill hills hook hope hospital house hunt hunter hurt husband ice info joint
    jolly joy judge june just justice keen key kind knock lake last law leader less like little lock long lord love
    loving low made mail major man manager many march mark marker marks masters max may means medical mellow men
    merry midwife mild mill mist mode moody moral more much music neat never new next nice night noon north nurse
    office only open orange our pace page pain paint park part patience patient patients patrol peace peer peers
    people person pharmacist pharmacy piece plain plant pleasant poor port porter post pound power practice precious
    price pride prime proud prudence prudent pure quick rain raise ram rank rater raters read reading reception
    receptionist registrar rest rice rich right ring robe root rose rude said sane savage save saw say secretary see
    seen send service services set sharp shine shore short show sick side silver sing sister sky slow small smart
    someone son sound speak spear speed spring staff stamp steel still strange street stride strong student such
    summer sun support surgery sweet talk tall task teal team tell tender test thank thanks therapist thin thorn
    tidy tie time times told tong tough towers town trainee trick trip true trust try turn uncle unique upright user
    van victor victory virtue wait walk wall walls want ward wards warm watch way weak wear week weeks well west
    white whole wild will win wise work worker working works worry worth wry yard year young zeal
    """)
"""Words of everyday and of wards: as a name they are looked for only where they begin with a capital letter."""

ABBREVIATIONS = listed("""
    ac ae ag ai am ap bc bd bp bsc ca cbt ccu cd ceo cm cmo cns cpd cpr ct cv dc de dm dna do dr dvt ecg ed eds eeg eg
    ent er eu ex fy ge gi gmc gdc gp gps gphc hb hca hdu hr hrt icu id ie im it itu iv kg la lft lp ma mau md mdt ms mi
    ml mm mr mri mrs nb nhs nice ng nice no ob od ok op opd or ot pa pc pe pg ph pm po pr prn ps pt qa ra rn rx sho sp
    st td tb to tv uk us uti vr vs wc xr
    """)
"""Letters that mean something else, so that as somebody’s initials they count only with full stops between them."""

TITLES = listed("""
    dr doctor mr mrs ms miss mx prof professor sir dame lady lord sister brother nurse matron rev reverend father
    """)
AFTER_NAMES = listed("""
    mbbs mbchb mb chb bch ba bs bsc msc md ms phd dphil frcp mrcp frcgp mrcgp frcs mrcs frca frcpch mrcpch frcpsych
    mrcpsych bds mfds fds rn rgn rmn mpharm mrpharms obe mbe cbe jr sr esq hons
    """)
PARTICLES = listed("""
    al ap bin binte binti da das de del dela della den der des di do dos du el ibn la le mac mc o ter van vel von y d st
    """)

CALLED: dict[str, tuple[str, ...]] = {
    name: tuple(short.split())
    for name, short in (
        line.split(":")
        for line in """
        abigail:abi abby gail|abdul:abdu|alan:al|albert:bert al|alexander:alex alec sandy xander
        |alexandra:alex sandra|alfred:alf fred|alison:ali|amanda:mandy|andrew:andy drew|angela:angie ange
        |anthony:tony ant|antony:tony|barbara:barb babs|benjamin:ben benny|bernard:bernie|bradley:brad
        |bridget:bridie|catherine:cath cathy kate katie|charlotte:lottie charlie|charles:charlie chas
        |christine:chris chrissie tina|christopher:chris kit|christina:chris tina|clifford:cliff
        |daniel:dan danny|danielle:dani|david:dave davy|deborah:deb debbie debs|dennis:den|donald:don
        |dorothy:dot dottie|douglas:doug|edward:ed eddie ted ned|eleanor:ellie nell
        |elizabeth:liz lizzie beth betty eliza lisa libby|emily:em|eugene:gene|florence:flo|frances:fran frankie
        |francis:frank fran|frederick:fred freddie|gabrielle:gabby|geoffrey:geoff|george:georgie|gerald:gerry
        |gillian:gill jill|gregory:greg|harold:harry|helen:nell|henry:harry|jacqueline:jackie jacqui
        |james:jim jimmy jamie|janet:jan|jennifer:jen jenny|jeremy:jez jem|jessica:jess|joanna:jo|joanne:jo
        |john:jack johnny|jonathan:jon|joseph:joe joey|josephine:jo josie|joshua:josh|judith:judy jude
        |julia:jules|julie:jules|katherine:kath kathy kate|kathryn:kath kate|kathleen:kath kathy
        |kenneth:ken kenny|kimberley:kim|laurence:larry|leonard:len lenny|leslie:les|louise:lou|lucinda:lucy
        |madeleine:maddie|margaret:maggie meg peggy marge|maria:mia|martin:marty|matthew:matt|maureen:mo
        |maxine:max|maximilian:max|melanie:mel|melissa:mel|michael:mike mick mickey mikey|michelle:shell
        |miriam:mim|mohammed:mo|mohamed:mo|muhammad:mo|mohammad:mo|natalie:nat|natasha:tash|nathan:nat
        |nicholas:nick nicky|nicola:nicky nikki nic|norman:norm|oliver:olly ollie|olivia:liv livvy|pamela:pam
        |patricia:pat trish tricia|patrick:pat paddy|penelope:penny|peter:pete|philip:phil|phillip:phil
        |philippa:pippa pip|rachel:rach|raymond:ray|rebecca:becky becca bex|reginald:reg|richard:rich rick dick
        |robert:rob bob bobby robbie bert|roberta:bobbie|roger:rog|ronald:ron ronnie|rosemary:rosie rose
        |russell:russ|samantha:sam|samuel:sam sammy|sandra:sandy|sarah:sally|sebastian:seb|sharon:shaz
        |sidney:sid|simon:si|stanley:stan|stephanie:steph|stephen:steve|steven:steve|stuart:stu|susan:sue susie
        |susanna:sue|suzanne:sue|terence:terry|theodore:theo ted|theresa:terry tess|teresa:terry tess
        |thomas:tom tommy|timothy:tim|valerie:val|veronica:vron|victoria:vicky tori|vincent:vince|vivienne:viv
        |walter:walt|wendy:wend|william:will bill billy liam|yvonne:von|zachary:zac zach
        """.replace("\n", " ").split("|")
        for line in [line.strip()]
    )
}
"""What people with a first name are often called instead."""
