//! The filings and payments that a new office starts with; every line is editable data. Days: the Tax Code № 214-VIII
//! of
//! 2025 and forms of order № 695 as the trade's calendars give them; whoever knows better changes the table.

use sea_orm_migration::prelude::*;

/// Code, kind, months, day, whether missing it stops the client.
type Line = (&'static str, &'static str, &'static str, i32, bool, [&'static str; 3], [&'static str; 3]);

const QUARTERS: &str = "2 5 8 11";
const HALVES: &str = "2 8";
const EVERY: &str = "1 2 3 4 5 6 7 8 9 10 11 12";
const EMPLOYERS: [&str; 3] = ["работодатели", "жұмыс берушілер", "employers"];
const PAYERS: [&str; 3] = ["плательщики НДС", "ҚҚС төлеушілер", "VAT payers"];
const SIMPLIFIED: [&str; 3] = ["упрощённая декларация", "оңайлатылған декларация", "simplified regime"];
const COMPANIES: [&str; 3] =
    ["юридические лица, общий режим", "заңды тұлғалар, жалпы режим", "legal entities, general regime"];
const TRADERS: [&str; 3] = ["ИП, общий режим", "ЖК, жалпы режим", "sole entrepreneurs, general regime"];
const PEOPLE: [&str; 3] = ["физические лица", "жеке тұлғалар", "individuals"];
const IMPORTERS: [&str; 3] = ["импорт из ЕАЭС", "ЕАЭО-дан импорт", "imports from the EAEU"];
const LARGE: [&str; 3] = ["плательщики авансов КПН", "КТС аванстарын төлеушілер", "payers of CIT advances"];
const SELLERS: [&str; 3] = ["продавцы", "сатушылар", "sellers"];

const LINES: &[Line] = &[
    ("910", "return", HALVES, 15, true, ["ФНО 910.00", "СЕН 910.00", "Form 910.00"], SIMPLIFIED),
    (
        "910",
        "payment",
        HALVES,
        25,
        false,
        ["Уплата по 910.00", "910.00 бойынша төлем", "Payment for 910.00"],
        SIMPLIFIED,
    ),
    ("200", "return", QUARTERS, 15, true, ["ФНО 200.00", "СЕН 200.00", "Form 200.00"], EMPLOYERS),
    (
        "200",
        "payment",
        EVERY,
        25,
        false,
        ["ИПН и соцналог", "ЖТС және әлеуметтік салық", "Income tax and social tax"],
        EMPLOYERS,
    ),
    ("300", "return", QUARTERS, 15, true, ["ФНО 300.00, НДС", "СЕН 300.00, ҚҚС", "Form 300.00, VAT"], PAYERS),
    ("300", "payment", QUARTERS, 25, false, ["Уплата НДС", "ҚҚС төлеу", "VAT payment"], PAYERS),
    ("100", "return", "3", 31, true, ["ФНО 100.00, КПН", "СЕН 100.00, КТС", "Form 100.00, CIT"], COMPANIES),
    ("100", "payment", "4", 10, false, ["Уплата КПН", "КТС төлеу", "CIT payment"], COMPANIES),
    ("220", "return", "3", 31, true, ["ФНО 220.00", "СЕН 220.00", "Form 220.00"], TRADERS),
    ("220", "payment", "4", 10, false, ["Уплата по 220.00", "220.00 бойынша төлем", "Payment for 220.00"], TRADERS),
    ("240", "return", "3", 31, true, ["ФНО 240.00", "СЕН 240.00", "Form 240.00"], PEOPLE),
    ("240", "payment", "4", 10, false, ["Уплата по 240.00", "240.00 бойынша төлем", "Payment for 240.00"], PEOPLE),
    (
        "328",
        "return",
        EVERY,
        20,
        false,
        ["ФНО 328.00, 320.00", "СЕН 328.00, 320.00", "Forms 328.00, 320.00"],
        IMPORTERS,
    ),
    ("101", "return", "1 4", 20, true, ["ФНО 101.01, 101.02", "СЕН 101.01, 101.02", "Forms 101.01, 101.02"], LARGE),
    ("social", "payment", EVERY, 25, false, ["Соцплатежи", "Әлеуметтік төлемдер", "Social payments"], EMPLOYERS),
    ("esf", "return", "", 1, false, ["ЭСФ", "ЭШФ", "E-invoices"], SELLERS),
];

/// Writes the default lines.
pub async fn fill(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (n, (code, kind, months, day, stops, name, whom)) in LINES.iter().enumerate() {
        let id = sea_orm_migration::sea_orm::prelude::Uuid::from_u128(0xf111_0000 + n as u128);
        let columns = [
            "id", "code", "kind", "months", "day", "shifts", "stops", "name_ru", "name_kk", "name_en", "whom_ru",
            "whom_kk", "whom_en",
        ];
        let [name_ru, name_kk, name_en] = *name;
        let [whom_ru, whom_kk, whom_en] = *whom;
        let mut insert = Query::insert();
        insert.into_table(Alias::new("filing")).columns(columns.map(Alias::new)).values_panic([
            id.into(),
            (*code).into(),
            (*kind).into(),
            (*months).into(),
            (*day).into(),
            true.into(),
            (*stops).into(),
            name_ru.into(),
            name_kk.into(),
            name_en.into(),
            whom_ru.into(),
            whom_kk.into(),
            whom_en.into(),
        ]);
        m.exec_stmt(insert).await?;
    }
    Ok(())
}
