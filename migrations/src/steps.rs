//! The checklists that a new office starts with; every line is editable data.

use sea_orm_migration::prelude::*;

type Line = (Option<&'static str>, Option<&'static str>, i32, [&'static str; 3]);

/// Reason or any, route or any, place, the step in ru, kk, en. Rules of the routes: product notes on reissue (НУЦ РК
/// guides).
const STEPS: &[Line] = &[
    (
        Some("password_lost"),
        None,
        5,
        [
            "Владельцу сказано: пароль не восстановит никто, нужен новый выпуск",
            "Иесіне айтылды: құпиясөзді ешкім қалпына келтірмейді, жаңа шығарылым керек",
            "The owner knows: nobody can recover the password, a new issue is needed",
        ],
    ),
    (
        Some("compromised"),
        None,
        5,
        [
            "Старый сертификат отзывается сразу, не дожидаясь нового",
            "Ескі сертификат жаңасын күтпей бірден қайтарып алынады",
            "The old certificate is being revoked at once, before the new one",
        ],
    ),
    (
        Some("data_changed"),
        None,
        5,
        [
            "Новые данные уже есть в государственной базе (ГБД ЮЛ, ГБД ФЛ)",
            "Жаңа деректер мемлекеттік базада бар (ЗТ МДҚ, ЖТ МДҚ)",
            "The new data are already in the state register",
        ],
    ),
    (
        Some("employee_left"),
        None,
        5,
        [
            "Полномочия ушедшего сотрудника сняты в кабинете организации",
            "Кеткен қызметкердің өкілеттігі ұйым кабинетінде алынды",
            "The former employee's powers are removed in the organisation's cabinet",
        ],
    ),
    (
        Some("expired"),
        Some("online"),
        8,
        [
            "Срок прошёл: это новый выпуск с биометрией, а не перевыпуск по ключу",
            "Мерзімі өтті: бұл кілтпен қайта шығару емес, биометриямен жаңа шығарылым",
            "The term is over: a new issue with biometrics, not a reissue by key",
        ],
    ),
    (
        None,
        Some("online"),
        10,
        [
            "У владельца под рукой: телефон из БМГ для SMS, камера для биометрии, верные данные",
            "Иесінің қолында: МАБ-тағы телефон (SMS), биометрияға камера, деректері дұрыс",
            "The owner has ready: the registered phone for SMS, a camera for biometrics, data that are correct",
        ],
    ),
    (
        None,
        Some("online"),
        20,
        [
            "Заявка подана в кабинете НУЦ",
            "Өтінім ҰКО кабинетінде берілді",
            "Application filed in the authority's cabinet",
        ],
    ),
    (
        None,
        Some("online"),
        30,
        [
            "Подтверждение владельца: по телефону (SMS) или биометрией",
            "Иесінің растауы: телефонмен (SMS) немесе биометриямен",
            "The owner's confirmation: by phone (SMS) or biometrics",
        ],
    ),
    (
        None,
        Some("service_centre"),
        10,
        [
            "Онлайн невозможен: биометрия не удалась или владелец вне базы",
            "Онлайн мүмкін емес: биометрия өтпеді немесе иесі базада жоқ",
            "Online is not possible: biometrics failed or the owner is not in the base",
        ],
    ),
    (
        None,
        Some("service_centre"),
        20,
        [
            "Заявление подготовлено, время в ЦОН выбрано",
            "Өтініш дайын, ХҚКО-ға уақыт таңдалды",
            "Application prepared, time at the service centre chosen",
        ],
    ),
    (
        None,
        Some("service_centre"),
        30,
        [
            "У владельца с собой удостоверение личности",
            "Иесінің қолында жеке куәлігі бар",
            "The owner has the identity document along",
        ],
    ),
    (
        None,
        None,
        60,
        [
            "Новый пароль записан владельцем в надёжном месте, больше ни у кого его нет",
            "Жаңа құпиясөзді иесі сенімді жерге жазып қойды, басқа ешкімде жоқ",
            "New password written down by the owner in a safe place, with nobody else",
        ],
    ),
    (
        None,
        None,
        70,
        [
            "Новые файлы на своём месте, старые убраны",
            "Жаңа файлдар орнында, ескілері алынды",
            "New files where they belong, old ones put away",
        ],
    ),
    (None, None, 80, ["Системы обновлены", "Жүйелер жаңартылды", "Systems updated"]),
    (
        None,
        None,
        90,
        [
            "Старый сертификат отозван, отзыв проверен",
            "Ескі сертификат қайтарып алынды, тексерілді",
            "Old certificate revoked, checked",
        ],
    ),
];

/// Writes the default lines.
pub async fn fill(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (n, (reason, route, place, [ru, kk, en])) in STEPS.iter().enumerate() {
        let id = sea_orm_migration::sea_orm::prelude::Uuid::from_u128(0x57e9_0000 + n as u128);
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new("step_template"))
            .columns(["id", "reason", "route", "place", "text_ru", "text_kk", "text_en"].map(Alias::new))
            .values_panic([
                id.into(),
                (*reason).map(str::to_owned).into(),
                (*route).map(str::to_owned).into(),
                (*place).into(),
                (*ru).into(),
                (*kk).into(),
                (*en).into(),
            ]);
        m.exec_stmt(insert).await?;
    }
    Ok(())
}
