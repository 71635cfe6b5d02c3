"""The six lists of the demo country: what each office's file looks like.

The shapes differ as those of real offices do: the separator, the character set, the script, the language, the order of
day and month, codes or words, one column with several values or one yes/no column for each.
"""

from palermo.demo import facts
from palermo.demo.shapes import Column, Shape


def _same(codes: tuple[str, ...]) -> dict[str, str]:
    return {code: code for code in codes}


ENGLISH_FORMS = {
    "sexual": "sexual exploitation",
    "sexual_slavery": "sexual slavery",
    "forced_labour": "forced labour",
    "domestic_servitude": "domestic servitude",
    "child_labour": "child labour",
    "begging": "begging",
    "forced_criminality": "forced criminality",
    "forced_marriage": "forced marriage",
    "child_marriage": "child marriage",
    "illegal_adoption": "illegal adoption",
    "surrogacy": "surrogacy",
    "armed_groups": "armed groups",
    "organ_removal": "organ removal",
}
FRENCH_FORMS = {
    "sexual": "exploitation sexuelle",
    "sexual_slavery": "esclavage sexuel",
    "forced_labour": "travail forcé",
    "domestic_servitude": "servitude domestique",
    "child_labour": "travail des enfants",
    "begging": "mendicité forcée",
    "forced_criminality": "criminalité forcée",
    "forced_marriage": "mariage forcé",
    "child_marriage": "mariage d'enfants",
    "illegal_adoption": "adoption illégale",
    "surrogacy": "gestation pour autrui",
    "armed_groups": "groupes armés",
    "organ_removal": "prélèvement d'organes",
}
RUSSIAN_FORMS = {
    "sexual": "сексуальная эксплуатация",
    "sexual_slavery": "сексуальное рабство",
    "forced_labour": "принудительный труд",
    "domestic_servitude": "домашнее рабство",
    "child_labour": "детский труд",
    "begging": "попрошайничество",
    "forced_criminality": "принуждение к преступлениям",
    "forced_marriage": "принудительный брак",
    "child_marriage": "детский брак",
    "illegal_adoption": "незаконное усыновление",
    "surrogacy": "суррогатное материнство",
    "armed_groups": "вооружённые группы",
    "organ_removal": "изъятие органов",
}
ENGLISH_SEX = {"F": "female", "M": "male", "O": "other"}
STATUS = {
    "presumed": "presumed victim",
    "identified": "identified victim",
    "confirmed": "confirmed by court",
    "declined": "declined identification",
    "not_victim": "not a victim",
}
ISO3 = _same(facts.COUNTRIES)
# XX and NA: the second is Namibia, which careless software reads as "not available".
ISO2 = dict(zip(facts.COUNTRIES, ("XX", "BV", "GS", "HM", "NA", "FI", "KZ", "KR", "UY", "NZ", "CA", "JO"), strict=True))
ENGLISH_COUNTRIES = dict(
    zip(
        facts.COUNTRIES,
        (
            "Demoland",
            "Bouvet Island",
            "South Georgia and the South Sandwich Islands",
            "Heard Island and McDonald Islands",
            "Namibia",
            "Finland",
            "Kazakhstan",
            "Republic of Korea",
            "Uruguay",
            "New Zealand",
            "Canada",
            "Jordan",
        ),
        strict=True,
    )
)
RECRUITERS = {code: code.replace("_", " ") for code, _ in facts.RECRUITERS}
MEANS = {code: code.replace("_", " ") for code, _ in facts.MEANS}
CONTEXTS = {"none": "none", "conflict": "conflict", "disaster": "disaster"}
HOTLINE_AGES = {
    "Y0T11": "moins de 12 ans",
    "Y12T17": "12 à 17 ans",
    "Y18T24": "18 à 24 ans",
    "Y25T34": "25 à 34 ans",
    "Y_GE35": "35 ans et plus",
    "_U": "inconnu",
}

POLICE = Shape(
    name="police",
    title="Police register of victims",
    source_type="police",
    file="made-up-police.csv",
    encoding="utf-8-sig",
    delimiter=";",
    columns=(
        Column("Case no", "record_id"),
        Column("Referral no", "person_key"),
        Column("Surname", identity="family_name"),
        Column("First name", identity="given_name"),
        Column("Born", identity="birth_date", date_format="%d/%m/%Y"),
        Column("Town", identity="place"),
        Column("Registered on", "date", trait="day", date_format="%d/%m/%Y"),
        Column("Status", "status", words=STATUS),
        Column("Sex", "sex", words=ENGLISH_SEX, unknown="unknown"),
        Column("Age", "age", unknown="unknown"),
        Column("Citizenship", "citizenship", words=ISO3, unknown="unknown"),
        Column("Recruited in", "origin", words=ISO3, unknown="unknown"),
        Column("Exploited in", "destination", words=ISO3, unknown="unknown"),
        Column("Exploitation", "forms", words=ENGLISH_FORMS, separator=" / ", unknown="unknown"),
        Column("Recruiter", "recruiter", words=RECRUITERS, unknown="unknown"),
        Column("Means of control", "means", words=MEANS, separator=" / ", unknown="unknown"),
    ),
)
SHELTER = Shape(
    name="shelter",
    title="Register of the shelters",
    source_type="shelter",
    file="made-up-shelter.xlsx",
    sheet="Residents",
    constants={"status": "presumed"},
    columns=(
        Column("No", "record_id"),
        Column("Referral", "person_key"),
        Column("الاسم", identity="full_name"),
        Column("Date of birth", identity="birth_date", date_format="%Y-%m-%d"),
        Column("Last town", identity="place"),
        Column("Arrival", "date", trait="day", date_format="%Y-%m-%d"),
        Column("Sex", "sex", words={"F": "W", "M": "M", "O": "X"}),
        Column("Age at arrival", "age"),
        Column("Country of citizenship", "citizenship", words=ENGLISH_COUNTRIES),
        Column("Country of origin", "origin", words=ENGLISH_COUNTRIES),
        Column("Country of exploitation", "destination", words=ENGLISH_COUNTRIES),
        *(Column(f"Form: {word}", "forms", flag=code) for code, word in ENGLISH_FORMS.items()),
        Column("Context", "context", words=CONTEXTS),
        *(Column(f"Help: {code}", "services", flag=code) for code, _ in facts.SERVICES),
    ),
)
HOTLINE = Shape(
    name="hotline",
    title="Hotline: persons reported by callers",
    source_type="hotline",
    file="made-up-hotline.txt",
    encoding="utf-16",
    delimiter="\t",
    constants={"status": "presumed"},
    columns=(
        Column("Numéro", "record_id"),
        Column("Année", "year"),
        Column("Sexe", "sex", words={"F": "femme", "M": "homme", "O": "autre"}, unknown="inconnu"),
        Column("Tranche d'âge", "age_band", trait="age", words=HOTLINE_AGES),
        Column("Forme d'exploitation", "forms", words=FRENCH_FORMS, separator=", ", unknown="inconnu"),
        Column("Moyens de contrôle", "means", words=MEANS, separator=", ", unknown="inconnu"),
    ),
)
LABOUR = Shape(
    name="labour",
    title="Labour inspectorate: persons found in forced labour",
    source_type="labour_inspectorate",
    file="made-up-labour.csv",
    constants={"status": "presumed"},
    columns=(
        Column("file", "record_id"),
        Column("referral", "person_key"),
        Column("worker", identity="full_name"),
        Column("born", identity="birth_date", date_format="%m/%d/%Y"),
        Column("town", identity="place"),
        Column("inspected", "date", trait="day", date_format="%m/%d/%Y"),
        Column("gender", "sex", words={"F": "f", "M": "m", "O": "o"}, unknown="?"),
        Column("age", "age", unknown="?"),
        Column("nationality", "citizenship", words=ENGLISH_COUNTRIES, unknown="?"),
        Column("exploitation", "forms", words=ENGLISH_FORMS, separator="|", unknown="?"),
        Column("means", "means", words=MEANS, separator="|", unknown="?"),
    ),
)
HEALTH = Shape(
    name="health",
    title="Health services: patients thought to be victims",
    source_type="health",
    file="made-up-health.parquet",
    constants={"status": "presumed"},
    columns=(
        Column("visit_id", "record_id"),
        Column("referral", "person_key"),
        Column("name", identity="full_name"),
        Column("birth_date", identity="birth_date", date_format="%Y%m%d"),
        Column("town", identity="place"),
        Column("visit_date", "date", trait="day", date_format="%Y%m%d"),
        Column("sex", "sex", words={"F": "2", "M": "1", "O": "9"}),
        Column("age_years", "age"),
        Column("citizenship", "citizenship", words=ISO3),
        Column("exploitation", "forms", words=_same(facts.FORMS), separator="+"),
        *(Column(f"help_{code}", "services", flag=code) for code, _ in facts.SERVICES[:3]),
    ),
)
IMMIGRATION = Shape(
    name="immigration",
    title="Immigration service: victims met in procedures",
    source_type="immigration",
    file="made-up-immigration.csv",
    encoding="cp1251",
    delimiter=";",
    columns=(
        Column("Номер", "record_id"),
        Column("Направление", "person_key"),
        Column("Фамилия", identity="family_name"),
        Column("Имя", identity="given_name"),
        Column("Дата рождения", identity="birth_date", date_format="%d.%m.%Y"),
        Column("Город", identity="place"),
        Column("Дата", "date", trait="day", date_format="%d.%m.%Y"),
        Column(
            "Статус",
            "status",
            words={
                "presumed": "предполагаемая жертва",
                "identified": "признана жертвой",
                "confirmed": "подтверждено судом",
                "declined": "отказ от признания",
                "not_victim": "не жертва",
            },
        ),
        Column("Пол", "sex", words={"F": "женский", "M": "мужской", "O": "другой"}, unknown="нет данных"),
        Column("Возраст", "age", unknown="нет данных"),
        Column("Гражданство", "citizenship", words=ISO2, unknown="нет данных"),
        Column("Откуда", "origin", words=ISO2, unknown="нет данных"),
        Column("Куда", "destination", words=ISO2, unknown="нет данных"),
        Column("Форма", "forms", words=RUSSIAN_FORMS, separator=", ", unknown="нет данных"),
        Column("Обстоятельства", "context", words={"none": "нет", "conflict": "конфликт", "disaster": "бедствие"}),
    ),
)
SHAPES = (POLICE, SHELTER, HOTLINE, LABOUR, HEALTH, IMMIGRATION)
