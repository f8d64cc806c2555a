//! Editable data that a new office starts with: days off and known authorities.

use sea_orm_migration::prelude::*;

/// Days off of 2026 (official, five-day week) and 2027 (computed by the transfer rule, to be checked when published).
const DAYS_OFF: &[(&str, &str, &str, &str)] = &[
    ("2026-01-01", "Новый год", "Жаңа жыл", "New Year"),
    ("2026-01-02", "Новый год", "Жаңа жыл", "New Year"),
    ("2026-01-07", "Рождество", "Рождество", "Christmas"),
    ("2026-03-09", "перенос", "ауыстырылған", "moved"),
    ("2026-03-23", "Наурыз", "Наурыз", "Nauryz"),
    ("2026-03-24", "перенос", "ауыстырылған", "moved"),
    ("2026-03-25", "перенос", "ауыстырылған", "moved"),
    ("2026-05-01", "День единства", "Бірлік күні", "Unity Day"),
    ("2026-05-07", "День защитника", "Отан қорғаушы күні", "Defender Day"),
    ("2026-05-11", "перенос", "ауыстырылған", "moved"),
    ("2026-05-27", "Курбан-айт", "Құрбан айт", "Kurban Ait"),
    ("2026-07-06", "День столицы", "Астана күні", "Capital Day"),
    ("2026-10-26", "перенос", "ауыстырылған", "moved"),
    ("2026-12-16", "День независимости", "Тәуелсіздік күні", "Independence Day"),
    ("2027-01-01", "Новый год", "Жаңа жыл", "New Year"),
    ("2027-01-04", "перенос", "ауыстырылған", "moved"),
    ("2027-01-07", "Рождество", "Рождество", "Christmas"),
    ("2027-03-08", "Женский день", "Әйелдер күні", "Women's Day"),
    ("2027-03-15", "День Конституции", "Конституция күні", "Constitution Day"),
    ("2027-03-22", "Наурыз", "Наурыз", "Nauryz"),
    ("2027-03-23", "Наурыз", "Наурыз", "Nauryz"),
    ("2027-03-24", "перенос", "ауыстырылған", "moved"),
    ("2027-05-03", "перенос", "ауыстырылған", "moved"),
    ("2027-05-07", "День защитника", "Отан қорғаушы күні", "Defender Day"),
    ("2027-05-10", "перенос", "ауыстырылған", "moved"),
    ("2027-07-06", "День столицы", "Астана күні", "Capital Day"),
    ("2027-10-25", "День Республики", "Республика күні", "Republic Day"),
    ("2027-12-16", "День независимости", "Тәуелсіздік күні", "Independence Day"),
];

/// Common names of issuers as they stand in certificates of НУЦ РК and of its published test chains.
const AUTHORITIES: &[&str] = &[
    "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)",
    "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)",
    "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) 2022",
    "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022",
];

/// Writes the defaults into the new tables.
pub async fn fill(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (day, ru, kk, en) in DAYS_OFF {
        let day: chrono::NaiveDate = day.parse().map_err(|_| DbErr::Custom(format!("not a day: {day}")))?;
        let mut insert = Query::insert();
        insert.into_table(Alias::new("day_off")).columns(["day", "name_ru", "name_kk", "name_en"].map(Alias::new));
        insert.values_panic([day.into(), (*ru).into(), (*kk).into(), (*en).into()]);
        m.exec_stmt(insert).await?;
    }
    for (n, name) in AUTHORITIES.iter().enumerate() {
        let mut insert = Query::insert();
        let id = sea_orm_migration::sea_orm::prelude::Uuid::from_u128(n as u128 + 1);
        insert
            .into_table(Alias::new("authority"))
            .columns(["id", "common_name"].map(Alias::new))
            .values_panic([id.into(), (*name).into()]);
        m.exec_stmt(insert).await?;
    }
    Ok(())
}
