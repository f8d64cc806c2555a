//! How a spreadsheet is read: sheet, row of the titles, separator, encoding; and what of the file was not read.

use crate::form::{choice, choices};
use crate::islands::FilterBar;
use crate::parts::note;
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::text as t;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse as _, Redirect};
use domain::id::DraftId;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::sheet::{DateOrder, Encoding, MOST_COLUMNS, Reading, SheetPreview, leaves_days_open};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    sheet: String,
    head: String,
    separator: String,
    encoding: String,
    /// The order of dates that was chosen; it stays.
    order: String,
}

impl Typed {
    fn reading(&self) -> Result<Reading, Refusal> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(Reading {
            sheet: some(&self.sheet),
            head: some(&self.head).map(|head| choice("head", &head, |head| head.parse().ok())).transpose()?,
            separator: self.separator.chars().next().filter(char::is_ascii),
            encoding: some(&self.encoding).map(|code| choice("encoding", &code, Encoding::parse)).transpose()?,
        })
    }
}

pub async fn read(seat: Seat, Path(draft): Path<DraftId>, Form(typed): Form<Typed>) -> Reply {
    let reading = typed.reading().map_err(Refused)?;
    seat.desk.read_sheet_anew(draft, reading).await?;
    let order = DateOrder::parse(&typed.order).map(|order| format!("?order={}", order.code())).unwrap_or_default();
    Ok(Redirect::to(&format!("/import/sheet/{draft}{order}")).into_response())
}

/// The choices of a reading, each with what was found out.
pub fn form(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
    let l = v.lang;
    let (how, reading) = (&p.sheet.how, &p.sheet.how.reading);
    let sheets = how.sheets.iter().map(|name| (name.clone(), name.clone())).collect();
    let none = (String::from("0"), t::sheet::no_titles(l).to_owned());
    let lines = how.first.iter().enumerate().filter(|(_, words)| !words.is_empty());
    let heads = lines.map(|(n, words)| ((n + 1).to_string(), format!("{}: {words}", n + 1)));
    let separators = [(';', ";"), ('\t', t::sheet::tab(l)), (',', ","), ('|', "|")]
        .map(|(c, word)| (c.to_string(), word.to_owned()));
    let encodings = Encoding::ALL.iter().map(|e| (e.code().to_owned(), e.code().to_uppercase())).collect();
    let head = reading.head.map(|head| head.to_string()).unwrap_or_default();
    view! {
        <form class="pad mapping" method="post" action=format!("/import/sheet/{draft}/reading")>
            {(how.sheets.len() > 1).then(|| pick("sheet", t::sheet::which_sheet(l), reading.sheet.as_deref().unwrap_or_default(), sheets))}
            {pick("head", t::sheet::titles_in(l), &head, std::iter::once(none).chain(heads).collect())}
            {reading.separator.map(|c| pick("separator", t::sheet::separator(l), &c.to_string(), separators.into()))}
            {reading.encoding.map(|e| pick("encoding", t::sheet::encoding(l), e.code(), encodings))}
            {p.mapping.order.map(|order| view! { <input type="hidden" name="order" value=order.code()/> })}
            <FilterBar label=t::sheet::read_again(l).to_owned()/></form>
    }
    .into_any()
}

fn pick(name: &'static str, label: &str, chosen: &str, options: Vec<(String, String)>) -> AnyView {
    let (id, label) = (format!("f-{name}"), label.to_owned());
    view! { <div class="field"><label for=id.clone()>{label}</label><select class="pick" id=id name=name>
    {choices(chosen, options)}</select></div> }
    .into_any()
}

/// Says in numbers what of the file is not read, and what was put right.
pub fn told(l: Lang, p: &SheetPreview) -> AnyView {
    let (how, n) = (&p.sheet.how, |count: usize| i64::try_from(count).unwrap_or(i64::MAX));
    let zeros = p.zeros.first().map(|first| t::sheet::zeros(l, n(p.zeros.len()), first));
    let all = [
        (how.rows_beyond > 0)
            .then(|| ("risk", t::sheet::rows_beyond(l, n(how.rows_beyond), super::sheet::most_rows()))),
        (how.columns_beyond > 0).then(|| ("risk", t::sheet::columns_beyond(l, n(how.columns_beyond), n(MOST_COLUMNS)))),
        (how.rows_hidden > 0).then(|| ("warn", t::sheet::rows_hidden(l, n(how.rows_hidden)))),
        (how.columns_hidden > 0).then(|| ("warn", t::sheet::columns_hidden(l, n(how.columns_hidden)))),
        zeros.map(|text| ("info", text)),
        leaves_days_open(&p.sheet, &p.mapping.columns).then(|| ("warn", t::sheet::which_day(l).to_owned())),
        p.mapping.doubled().map(|_| ("risk", t::rule::column_twice(l).to_owned())),
    ];
    all.into_iter().flatten().map(|(kind, text)| note(kind, text)).collect_view().into_any()
}
