//! Names of clients, short enough for a line and different where they would look alike.

use crate::fold::fold;
use crate::id::ClientId;
use std::collections::HashMap;

/// Legal forms as certificates write them out, and their usual short forms. A form stands before what it begins with.
const FORMS: [(&str, &str); 14] = [
    ("товарищество с ограниченной ответственностью", "ТОО"),
    ("товарищество с дополнительной ответственностью", "ТДО"),
    ("жауапкершілігі шектеулі серіктестігі", "ЖШС"),
    ("жауапкершілігі шектеулі серіктестік", "ЖШС"),
    ("акционерное общество", "АО"),
    ("акционерлік қоғамы", "АҚ"),
    ("акционерлік қоғам", "АҚ"),
    ("индивидуальный предприниматель", "ИП"),
    ("жеке кәсіпкер", "ЖК"),
    ("крестьянское хозяйство", "КХ"),
    ("шаруа қожалығы", "ШҚ"),
    ("потребительский кооператив", "ПК"),
    ("общественное объединение", "ОО"),
    ("частный фонд", "ЧФ"),
];

/// A name with its legal form in the usual short form, wherever it stands; other names stay as they are.
#[must_use]
pub fn shortened(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    for (long, short) in FORMS {
        let form: Vec<&str> = long.split(' ').collect();
        let Some(at) =
            lower.windows(form.len()).position(|part| part.iter().map(String::as_str).eq(form.iter().copied()))
        else {
            continue;
        };
        let (before, rest) = (words.iter().take(at), words.iter().skip(at + form.len()));
        return before.copied().chain([short]).chain(rest.copied()).collect::<Vec<_>>().join(" ");
    }
    name.to_owned()
}

/// Clients to choose from: names that read the same get the last four digits of their number.
#[must_use]
pub fn told_apart(clients: Vec<(ClientId, String, String)>) -> Vec<(ClientId, String)> {
    let mut times: HashMap<String, usize> = HashMap::new();
    for (_, name, _) in &clients {
        *times.entry(fold(name)).or_default() += 1;
    }
    let told = clients.into_iter().map(|(id, name, number)| {
        let alike = times.get(&fold(&name)).is_some_and(|n| *n > 1);
        let tail: String = number.chars().skip(number.chars().count().saturating_sub(4)).collect();
        (id, if alike { format!("{name} …{tail}") } else { name })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_out_legal_form_becomes_its_short_one() {
        for (long, short) in [
            ("ТОВАРИЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ \"ТАБИҒАТ\"", "ТОО \"ТАБИҒАТ\""),
            ("\"Дала\" жауапкершілігі шектеулі серіктестігі", "\"Дала\" ЖШС"),
            ("ИНДИВИДУАЛЬНЫЙ  ПРЕДПРИНИМАТЕЛЬ АХМЕТОВ", "ИП АХМЕТОВ"),
            ("Филиал Акционерное общество «Народный»", "Филиал АО «Народный»"),
            ("ТОО «Товарищество»", "ТОО «Товарищество»"),
            ("", ""),
        ] {
            assert_eq!(shortened(long), short);
        }
    }

    #[test]
    fn names_that_read_the_same_are_told_apart_by_their_number() {
        let id = |n: u128| ClientId(uuid::Uuid::from_u128(n));
        let all = told_apart(vec![
            (id(1), "ТОО «Дала»".into(), "940140000385".into()),
            (id(2), "тоо \"Дала\"".into(), "971240001315".into()),
            (id(3), "ТОО «Дала Агро»".into(), "020240000555".into()),
        ]);
        let names: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["ТОО «Дала» …0385", "тоо \"Дала\" …1315", "ТОО «Дала Агро»"]);
    }
}
