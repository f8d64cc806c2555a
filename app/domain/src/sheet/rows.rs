//! What a row of a table says, checked.

use super::{Column, DateOrder, Mapping, Read, date, number};
use crate::client::ClientKind;
use crate::fold::{fold, is_invisible};
use crate::number::TaxNumber;
use crate::refusal::{MailFault, Rule};
use crate::typed::Typed;

/// What a row says, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    pub kind: ClientKind,
    pub number: String,
    /// Zeros that the spreadsheet had dropped were put back before the number.
    pub zeros: bool,
    pub name: String,
    /// Holder and end, where the row names an end.
    pub typed: Option<Typed>,
    pub responsible: String,
    pub phone: String,
    pub email: String,
    pub contact: String,
}

/// What is wrong with a row: the column and the rule.
pub type RowFault = (Column, Rule);

/// Reads a row by the mapping. A blank row and the total below a table are none.
///
/// # Errors
/// The first thing that is wrong, in the order of the columns of [`Column`].
pub fn read_row(cells: &[String], mapping: &Mapping) -> Result<Option<SheetRow>, RowFault> {
    let of =
        |column: Column| mapping.at(column).and_then(|n| cells.get(n)).map(|c| c.trim().to_owned()).unwrap_or_default();
    if cells.iter().all(|c| c.trim().is_empty()) || is_total(cells, &of(Column::Number)) {
        return Ok(None);
    }
    for column in mapping.columns.iter().filter(|column| **column != Column::Ignore) {
        sound(*column, &of(*column)).map_err(|rule| (*column, rule))?;
    }
    let of = |column: Column| Some(of(column)).filter(|cell| cell != EMPTY_FORMULA).unwrap_or_default();
    let said = of(Column::Number);
    if said.is_empty() {
        return Err((Column::Number, Rule::Required));
    }
    let Read { number, zeros } = number(&said).map_err(|rule| (Column::Number, rule))?;
    let name = of(Column::Name);
    for (column, most) in LONGEST {
        if of(column).chars().count() > most {
            return Err((column, Rule::TooLong));
        }
    }
    if !name.is_empty() && name.chars().all(|c| is_invisible(c) || c.is_whitespace()) {
        return Err((Column::Name, Rule::Required));
    }
    let email = of(Column::Email);
    if !email.is_empty() && !is_mail(&email) {
        return Err((Column::Email, Rule::Mail(MailFault::Form)));
    }
    let kind = match &number {
        TaxNumber::Bin(digits) if digits.as_bytes().get(5).is_some_and(|b| matches!(b, b'1' | b'2')) => {
            ClientKind::Branch
        }
        TaxNumber::Bin(_) => ClientKind::LegalEntity,
        TaxNumber::Iin(_) => ClientKind::SoleEntrepreneur,
    };
    Ok(Some(SheetRow {
        kind,
        number: number.digits().to_owned(),
        zeros,
        typed: typed(&of, &name, mapping.order)?,
        name,
        responsible: of(Column::Responsible),
        phone: of(Column::Phone),
        email: of(Column::Email),
        contact: of(Column::Contact),
    }))
}

/// Signs of a cell at most, as in the forms of these things.
const LONGEST: [(Column, usize); 4] =
    [(Column::Name, 200), (Column::Phone, 40), (Column::Email, 200), (Column::Contact, 120)];

/// The form of a mail address: something, an at sign, a name with a dot.
fn is_mail(text: &str) -> bool {
    let fits = |user: &str, host: &str| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    };
    !text.contains(char::is_whitespace) && text.split_once('@').is_some_and(|(user, host)| fits(user, host))
}

/// «Итого: 5» below a table, which names no client.
fn is_total(cells: &[String], number: &str) -> bool {
    let first = cells.iter().map(|c| fold(c)).find(|c| !c.is_empty()).unwrap_or_default();
    number.bytes().filter(u8::is_ascii_digit).count() < 9
        && ["итого", "всего", "барлығы", "жиыны", "total"].iter().any(|word| first.starts_with(word))
}

/// How a cell is read whose formula gives nothing: where a value is needed, that is a fault and no empty cell.
pub const EMPTY_FORMULA: &str = "=";

/// Whether a cell is what somebody has written: no error of the spreadsheet, no broken letter.
fn sound(column: Column, cell: &str) -> Result<(), Rule> {
    const ERRORS: [&str; 14] = [
        "#N/A",
        "#Н/Д",
        "#REF!",
        "#ССЫЛКА!",
        "#VALUE!",
        "#ЗНАЧ!",
        "#DIV/0!",
        "#ДЕЛ/0!",
        "#NAME?",
        "#ИМЯ?",
        "#NULL!",
        "#ПУСТО!",
        "#NUM!",
        "#ЧИСЛО!",
    ];
    let needed = matches!(column, Column::Name | Column::Number | Column::LastDay);
    if ERRORS.contains(&cell) || (needed && cell == EMPTY_FORMULA) {
        Err(Rule::CellError)
    } else if cell.contains('\n') && cell.contains([';', '\t', '|']) {
        Err(Rule::LostQuote)
    } else if cell.contains(char::REPLACEMENT_CHARACTER) {
        Err(Rule::BrokenLetters)
    } else {
        Ok(())
    }
}

fn typed(of: &impl Fn(Column) -> String, name: &str, order: Option<DateOrder>) -> Result<Option<Typed>, RowFault> {
    let iin = match of(Column::HolderIin).as_str() {
        "" => None,
        said => match number(said).map_err(|rule| (Column::HolderIin, rule))?.number {
            TaxNumber::Iin(digits) => Some(digits),
            TaxNumber::Bin(_) => return Err((Column::HolderIin, Rule::Unknown)),
        },
    };
    let end = of(Column::LastDay);
    if end.is_empty() {
        return Ok(None);
    }
    let last_day = date(&end, order).map_err(|rule| (Column::LastDay, rule))?;
    let holder = Some(of(Column::Holder)).filter(|h| !h.is_empty()).unwrap_or_else(|| name.to_owned());
    if holder.is_empty() {
        return Err((Column::Holder, Rule::Required));
    }
    if holder.chars().count() > 120 {
        return Err((Column::Holder, Rule::TooLong));
    }
    Ok(Some(Typed { holder, iin, role: None, purposes: Vec::new(), first_day: None, last_day }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_or_says_what_is_wrong() {
        let by = |columns: &[Column]| Mapping { columns: columns.to_vec(), ..Mapping::default() };
        let mapping = by(&[Column::Name, Column::Number, Column::Holder, Column::LastDay]);
        let row = |cells: [&str; 4]| read_row(&cells.map(str::to_owned), &mapping);
        let read = row(["ТОО Альфа", "971240001315.0", "Ким Ольга", "31.12.26"]).unwrap().unwrap();
        assert_eq!(
            (read.kind, read.typed.unwrap().last_day.to_string().as_str()),
            (ClientKind::LegalEntity, "2026-12-31")
        );
        assert_eq!(row(["", "", "", ""]), Ok(None));
        assert_eq!(row(["ТОО Альфа", "", "", ""]), Err((Column::Number, Rule::Required)));
        assert!(matches!(row(["ТОО", "971240001316", "", ""]), Err((Column::Number, Rule::Number(_)))));
        assert_eq!(row(["ТОО", "971240001315", "Ким", "скоро"]), Err((Column::LastDay, Rule::Date)));
        assert_eq!(read_row(&["020240000555".into()], &by(&[Column::Number])).unwrap().unwrap().number, "020240000555");
        assert_eq!(
            read_row(&["20240000555".into()], &by(&[Column::Number])).unwrap().unwrap().number,
            "020240000555",
            "a dropped zero comes back"
        );
    }

    #[test]
    fn an_empty_formula_is_no_value_where_one_may_be_left_out() {
        let mapping = Mapping { columns: vec![Column::Name, Column::Number, Column::Phone], ..Mapping::default() };
        let read = read_row(&["ТОО Альфа", "971240001315", EMPTY_FORMULA].map(str::to_owned), &mapping);
        assert_eq!(read.unwrap().unwrap().phone, "");
    }

    #[test]
    fn a_total_is_no_client_and_an_error_of_the_spreadsheet_no_value() {
        let mapping = Mapping { columns: vec![Column::Name, Column::Number, Column::LastDay], ..Mapping::default() };
        let row = |cells: [&str; 3]| read_row(&cells.map(str::to_owned), &mapping);
        assert_eq!(row(["Итого: 5", "", ""]), Ok(None));
        assert_eq!(row(["ТОО Альфа", "971240001315", "#Н/Д"]), Err((Column::LastDay, Rule::CellError)));
        assert_eq!(row(["ТОО Альфа", "971240001315", EMPTY_FORMULA]), Err((Column::LastDay, Rule::CellError)));
        assert_eq!(row(["ТОО Аль\u{fffd}фа", "971240001315", ""]), Err((Column::Name, Rule::BrokenLetters)));
    }
}
