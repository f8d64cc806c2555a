//! Names of the people of the demo: each with the forms that go together.

/// A surname of a man and of a woman, two men, two women, the patronymic of both.
type Family = ([&'static str; 2], [&'static str; 2], [&'static str; 2], [&'static str; 2]);

const FAMILIES: [Family; 12] = [
    (["Ахметов", "Ахметова"], ["Талгат", "Самат"], ["Жанар", "Динара"], ["Маратович", "Маратовна"]),
    (["Касымов", "Касымова"], ["Болат", "Арман"], ["Мадина", "Сәуле"], ["Серікұлы", "Серікқызы"]),
    (["Ким", "Ким"], ["Олег", "Виктор"], ["Елена", "Ольга"], ["Петрович", "Петровна"]),
    (["Иванов", "Иванова"], ["Андрей", "Павел"], ["Ирина", "Наталья"], ["Олегович", "Олеговна"]),
    (["Сапаров", "Сапарова"], ["Руслан", "Данияр"], ["Гүлнар", "Әсел"], ["Ерланович", "Ерлановна"]),
    (["Өтегенов", "Өтегенова"], ["Нұрлан", "Бауыржан"], ["Айгүл", "Назым"], ["Темірханұлы", "Темірханқызы"]),
    (["Мельник", "Мельник"], ["Сергей", "Игорь"], ["Татьяна", "Анна"], ["Иванович", "Ивановна"]),
    (["Жүнісов", "Жүнісова"], ["Дәурен", "Ерболат"], ["Меруерт", "Ақмарал"], ["Болатұлы", "Болатқызы"]),
    (["Smith", "Smith"], ["John", "Peter"], ["Mary", "Emma"], ["", ""]),
    (["Әбілқасымов", "Әбілқасымова"], ["Қайрат", "Мұрат"], ["Гүлжан", "Раушан"], ["Сәбитұлы", "Сәбитқызы"]),
    (["Тулеубаев", "Тулеубаева"], ["Азамат", "Тимур"], ["Алия", "Карлыгаш"], ["Ахметович", "Ахметовна"]),
    (["Цой", "Цой"], ["Вячеслав", "Роман"], ["Марина", "Светлана"], ["Викторович", "Викторовна"]),
];

/// A whole name.
pub struct Name {
    pub surname: &'static str,
    pub first: &'static str,
    pub patronymic: &'static str,
    pub woman: bool,
}

/// The name of somebody of the client with this number: the head is 0, an employee 1.
pub fn name(client: u32, nth: u32) -> Name {
    let family = (client * 5 + nth * 5) % 12;
    let (turn, woman) = ((client / 12 + nth) % 4, (client / 12 + nth) % 2 == 1);
    let (surnames, men, women, patronymics) = FAMILIES.get(family as usize).copied().unwrap_or(FAMILIES[0]);
    let first = if woman { women } else { men };
    let form = |two: [&'static str; 2], second: bool| if second { two[1] } else { two[0] };
    Name { surname: form(surnames, woman), first: form(first, turn >= 2), patronymic: form(patronymics, woman), woman }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_sex_throughout() {
        for (client, nth) in (0..60).flat_map(|client| [(client, 0), (client, 1)]) {
            let name = name(client, nth);
            let female = |text: &str| ["овна", "ична", "қызы"].iter().any(|end| text.ends_with(end));
            assert!(name.patronymic.is_empty() || female(name.patronymic) == name.woman, "{}", name.patronymic);
            let bends = ["ов", "ова", "ев", "ева"].iter().any(|end| name.surname.ends_with(end));
            assert!(!bends || name.surname.ends_with('а') == name.woman, "{}", name.surname);
        }
    }
}
