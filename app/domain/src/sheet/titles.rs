//! What the title of a column names, word by word.

use super::Column;
use crate::fold::fold;

/// Beginnings of words by which a title is over the end of a key.
const ENDS: &[&str] =
    &["срок", "действ", "оконч", "истек", "истеч", "мерзім", "аяқтал", "жарамд", "expir", "valid", "until", "ends"];
/// Beginnings of words over other days, or over the days of other things.
const OTHER_DAYS: &[&str] = &[
    "выда",
    "выпу",
    "получ",
    "начал",
    "рожд",
    "регистр",
    "договор",
    "создан",
    "доверен",
    "удостовер",
    "паспорт",
    "аренд",
    "лиценз",
    "патент",
    "оплат",
    "платеж",
    "полис",
    "основан",
    "визит",
    "подписани",
    "прием",
    "увольн",
    "формирован",
    "оформлен",
    "страхов",
    "берілген",
    "берілді",
    "шығарыл",
    "басы",
    "баста",
    "туған",
    "туыл",
    "шарт",
    "сенімхат",
    "келісім",
    "тіркел",
    "алынған",
    "жасалған",
    "төле",
    "issue",
    "start",
    "birth",
    "dob",
    "contract",
    "created",
    "obtain",
    "regist",
    "signed",
    "licen",
    "lease",
    "passport",
    "card",
    "payment",
    "policy",
];
/// Words by which a day is the first one, unless one of [`UNTIL`] stands beside them.
const SINCE: &[&str] = &["с", "c", "от", "from", "since", "before"];
const UNTIL: &[&str] = &["до", "по", "дейін", "to", "till", "until"];
/// Words over the key itself.
const KEYS: &[&str] = &["эцп", "эцқ", "ключ", "кілт", "серт", "подпис", "қолтаңба", "eds", "cert", "key"];

const BINS: &[&str] = &["бин", "бсн", "bin"];
const IINS: &[&str] = &["иин", "жсн", "iin"];
const HOLDERS: &[&str] =
    &["владел", "сотруд", "рук", "директор", "басшы", "иесі", "holder", "owner", "director", "employee"];
/// Others than the client whose number may stand in a table.
const STRANGERS: &[&str] = &["банк", "учредит", "бухгалт", "құрылтай", "bank", "founder", "accountant"];
const NAMES: [&str; 16] = [
    "клиент",
    "наимен",
    "назван",
    "компан",
    "организ",
    "контраг",
    "фирма",
    "предприят",
    "заказчик",
    "атау",
    "кәсіпорын",
    "ұйым",
    "client",
    "company",
    "customer",
    "name",
];
/// What is said of a client and is not its name.
const TRAITS: &[&str] = &["код", "статус", "форма", "тип", "вид", "групп", "категор", "code", "status", "type", "id"];

/// The words of a title.
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn of(title: &str) -> Self {
        Self(fold(title).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect())
    }

    /// Whether a word begins so.
    fn begin(&self, stems: &[&str]) -> bool {
        self.0.iter().any(|word| stems.iter().any(|stem| word.starts_with(&fold(stem))))
    }

    fn have(&self, words: &[&str]) -> bool {
        self.0.iter().any(|word| words.contains(&word.as_str()))
    }

    fn phrase(&self, phrase: &str) -> bool {
        self.0.join(" ").contains(phrase)
    }

    /// Whether it is over the key itself: of two ends, that of the key is meant.
    pub(super) fn of_key(&self) -> bool {
        self.begin(KEYS)
    }

    fn is_since(&self) -> bool {
        self.have(SINCE) && !self.have(UNTIL)
    }

    pub(super) fn is_other_day(&self) -> bool {
        self.begin(OTHER_DAYS) || self.is_since()
    }

    fn is_end(&self) -> bool {
        let key_until = self.of_key() && self.have(UNTIL);
        (self.begin(ENDS) || key_until) && !self.is_other_day()
    }

    /// Nothing, or only that a day stands here.
    pub(super) fn says_nothing(&self) -> bool {
        self.0.iter().all(|word| ["дата", "date", "күні", "күн"].contains(&word.as_str()))
    }

    /// What the title names.
    pub(super) fn column(&self) -> Option<Column> {
        let (bin, iin) = (self.have(BINS), self.have(IINS));
        let holder = self.begin(HOLDERS) || self.phrase("первого лица");
        if bin || iin {
            let own = (!holder && !self.begin(STRANGERS)).then_some(Column::Number);
            return if iin && !bin && holder { Some(Column::HolderIin) } else { own };
        }
        if self.is_end() {
            return Some(Column::LastDay);
        }
        if self.begin(&["дата", "date", "күні"]) || self.have(&["др"]) || self.is_other_day() {
            return None;
        }
        let address = self.begin(&["адрес", "индекс", "address", "мекенжай"]);
        if self.have(&["тел", "tel"]) || self.begin(&["телефон", "моб", "phone"]) {
            Some(Column::Phone)
        } else if self.begin(&["почт", "пошт", "mail", "email"]) && (!address || self.begin(&["эл", "e", "mail"]))
        {
            Some(Column::Email)
        } else if self.begin(&["ответствен", "бухгалтер", "жауапты", "responsible", "accountant"])
        {
            Some(Column::Responsible)
        } else if self.begin(&["контакт", "байланыс", "contact"]) {
            Some(Column::Contact)
        } else if holder
            || self.begin(&["фио", "подписант", "signator"])
            || self.phrase("на кого")
            || self.phrase("аты жөні")
        {
            Some(Column::Holder)
        } else if self.begin(&NAMES) && !self.begin(TRAITS) {
            Some(Column::Name)
        } else {
            None
        }
    }
}
