//! The table of filings and payments.

use crate::form::{Fault, field, optional, optional_day, picked, select, text};
use crate::parts::{icon, note, sheet, whole_sheet};
use crate::seat::{Refused, Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, back_to, page_with};
use crate::{dates, text as t, words};
use axum::extract::Query;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use chrono::NaiveDate;
use domain::access::Action;
use domain::day::{DaysOff, plus};
use domain::filing::{Filing, FilingKind};
use domain::person::Lang;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    id: String,
    code: String,
    kind: String,
    month: Vec<String>,
    day: String,
    shifts: String,
    stops: String,
    name_ru: String,
    name_kk: String,
    name_en: String,
    whom_ru: String,
    whom_kk: String,
    whom_en: String,
    valid_from: String,
    valid_to: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    id: String,
}

impl From<&Filing> for Typed {
    fn from(f: &Filing) -> Self {
        let ([name_ru, name_kk, name_en], [whom_ru, whom_kk, whom_en]) = (f.name.clone(), f.whom.clone());
        let day = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
        let on = |set: bool| if set { "1".to_owned() } else { String::new() };
        Self {
            id: f.id.map(|id| id.to_string()).unwrap_or_default(),
            code: f.code.clone(),
            kind: f.kind.code().into(),
            month: f.months.iter().map(u32::to_string).collect(),
            day: f.day.to_string(),
            shifts: on(f.shifts),
            stops: on(f.stops),
            name_ru,
            name_kk,
            name_en,
            whom_ru,
            whom_kk,
            whom_en,
            valid_from: day(f.valid.0),
            valid_to: day(f.valid.1),
        }
    }
}

impl Typed {
    fn checked(&self) -> Result<Filing, Refusal> {
        let code = text("code", &self.code, 16)?.to_lowercase();
        if !code.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-')) {
            return Err(Refusal::invalid("code", Rule::Unknown));
        }
        let name = [
            optional("name_ru", &self.name_ru, 80)?,
            optional("name_kk", &self.name_kk, 80)?,
            optional("name_en", &self.name_en, 80)?,
        ];
        if name.iter().all(String::is_empty) {
            return Err(Refusal::invalid("name_ru", Rule::Required));
        }
        let mut months: Vec<u32> =
            self.month.iter().filter_map(|m| m.parse().ok()).filter(|m| (1..=12).contains(m)).collect();
        months.sort_unstable();
        months.dedup();
        let day = self.day.trim().parse().ok().filter(|d| (1..=31).contains(d));
        let day = if months.is_empty() { day.unwrap_or(1) } else { day.ok_or(Refusal::invalid("day", Rule::Date))? };
        let valid = (optional_day("valid_from", &self.valid_from)?, optional_day("valid_to", &self.valid_to)?);
        if valid.0.zip(valid.1).is_some_and(|(from, to)| to < from) {
            return Err(Refusal::invalid("valid_to", Rule::Order));
        }
        let whom = [
            optional("whom_ru", &self.whom_ru, 80)?,
            optional("whom_kk", &self.whom_kk, 80)?,
            optional("whom_en", &self.whom_en, 80)?,
        ];
        let kind = FilingKind::parse(&self.kind).unwrap_or(FilingKind::Return);
        let (shifts, stops) = (self.shifts == "1", self.stops == "1" && !months.is_empty());
        Ok(Filing { id: picked(&self.id), code, kind, name, whom, months, day, shifts, stops, valid })
    }
}

fn owner(seat: &Seat) -> Result<(), Refusal> {
    if seat.viewer.may(Action::Settings) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

pub async fn show(seat: Seat, Query(asked): Query<Asked>) -> Reply {
    owner(&seat)?;
    let all = seat.desk.filings().await?;
    let blank = Typed { shifts: "1".into(), stops: "1".into(), ..Typed::default() };
    let typed = all.iter().find(|f| f.id.is_some() && f.id == picked(&asked.id)).map_or(blank, Typed::from);
    Ok(view(&seat.viewer, StatusCode::OK, &all, &*seat.desk.days_off().await?, &typed, &Fault::default()))
}

pub async fn set(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    let done = async { seat.desk.set_filing(typed.checked()?).await };
    match done.await {
        Ok(()) => Ok(back_to("/office/filings", "saved", None)),
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let (all, off) = (seat.desk.filings().await?, seat.desk.days_off().await?);
            Ok(view(&seat.viewer, StatusCode::UNPROCESSABLE_ENTITY, &all, &off, &typed, &fault))
        }
    }
}

pub async fn remove(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    owner(&seat)?;
    seat.desk.remove_filing(typed.id.parse().map_err(|_| Refusal::NotFound)?).await?;
    Ok(back_to("/office/filings", "saved", None))
}

fn view(
    v: &Viewer,
    status: StatusCode,
    all: &[Filing],
    off: &DaysOff,
    typed: &Typed,
    fault: &Fault,
) -> axum::response::Response {
    page_with(status, v, |v| {
        let l = v.lang;
        let lines = all.iter().map(|f| line(v, f, off)).collect_view();
        let table = view! {
            <table class="t flow"><thead><tr><th scope="col">{t::filing::code(l)}</th><th scope="col">
                {t::filing::name(l)}</th><th scope="col">{t::filing::next(l)}</th><th scope="col">{t::filing::stops(l)}
                </th><td></td></tr></thead>
                <tbody>{lines}</tbody></table>
        };
        let body = view! {
            {note("info", t::filing::hint(l))}
            <div class="cols"><div class="stack">
                {whole_sheet(table.into_any())}</div>
                <div class="stack">{form(v, typed, fault)}</div></div>
        };
        Sheet {
            room: Room::Other,
            title: t::filing::title(l).into(),
            hint: String::new(),
            actions: ().into_any(),
            body: body.into_any(),
        }
    })
}

/// The day rule in words: «15 фев, май, авг, ноя».
pub fn rule(l: Lang, f: &Filing) -> String {
    if f.is_continuous() {
        return t::filing::all_year(l).into();
    }
    if f.months.len() == 12 {
        return t::filing::monthly(l, f.day);
    }
    let first = |m: &u32| NaiveDate::from_ymd_opt(2026, *m, 1).map(|d| dates::month_name(l, d)).unwrap_or_default();
    format!("{}\u{a0}{}", f.day, f.months.iter().map(first).collect::<Vec<_>>().join(", "))
}

fn line(v: &Viewer, f: &Filing, off: &DaysOff) -> AnyView {
    let l = v.lang;
    let (id, name) = (f.id.map(|id| id.to_string()).unwrap_or_default(), words::of_three(l, &f.name));
    let label = format!("{}: {name}", t::office::remove(l));
    let next = f.days(v.today.day, plus(v.today.day, 400), off).first().map(|day| dates::near(l, *day, v.today.day));
    let under =
        [words::of_three(l, &f.whom), rule(l, f)].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <tr><td class="num">{f.code.clone()}</td><th scope="row">
            <a class="link" href=format!("/office/filings?id={id}#filing")>{name}</a><br/><small class="mute">{under}
            </small></th>
            <td>{next}</td><td>{if f.stops { t::filing::stopping(l) } else { "" }}</td>
            <td class="p-end"><form method="post" action="/office/filings/remove">
                <input type="hidden" name="id" value=id/><button class="btn bare low sq" aria-label=label>{icon("x")}
                </button></form></td></tr>
    }
    .into_any()
}

fn form(v: &Viewer, typed: &Typed, fault: &Fault) -> AnyView {
    let l = v.lang;
    let kinds = FilingKind::ALL.iter().map(|k| (k.code().to_owned(), words::filing_kind(l, *k).to_owned())).collect();
    let months = (1..=12u32).map(|m| {
        let name = NaiveDate::from_ymd_opt(2026, m, 1).map(|d| dates::month_name(l, d)).unwrap_or_default();
        let checked = typed.month.iter().any(|t| *t == m.to_string());
        view! { <label class="check"><input type="checkbox" name="month" value=m checked=checked/>{name}</label> }
    });
    let tick = |name: &'static str, word: &'static str, on: &str| {
        let checked = on == "1";
        view! { <label class="check"><input type="checkbox" name=name value="1" checked=checked/>{word}</label> }
    };
    let title = if typed.id.is_empty() { t::filing::add(l) } else { t::filing::change(l) };
    let clear =
        (!typed.id.is_empty()).then(|| view! { <a class="btn bare" href="/office/filings">{t::filing::add(l)}</a> });
    let body = view! {
        <form class="pad form1" id="filing" method="post" action="/office/filings">
            <input type="hidden" name="id" value=typed.id.clone()/>
            {field("code", t::filing::code(l), typed.code.clone()).hint(t::filing::code_hint(l)).required().show(l, fault)}
            {select(l, "kind", t::filing::kind(l), &typed.kind, kinds, fault)}
            {field("name_ru", format!("{}: ru", t::filing::name(l)), typed.name_ru.clone()).show(l, fault)}
            {field("name_kk", format!("{}: kk", t::filing::name(l)), typed.name_kk.clone()).show(l, fault)}
            {field("name_en", format!("{}: en", t::filing::name(l)), typed.name_en.clone()).show(l, fault)}
            {field("whom_ru", format!("{}: ru", t::filing::whom(l)), typed.whom_ru.clone()).show(l, fault)}
            {field("whom_kk", format!("{}: kk", t::filing::whom(l)), typed.whom_kk.clone()).show(l, fault)}
            {field("whom_en", format!("{}: en", t::filing::whom(l)), typed.whom_en.clone()).show(l, fault)}
            <fieldset><legend class="label">{t::filing::months(l)}</legend><div class="checks">{months.collect_view()}
                </div><span class="hint">{t::filing::months_hint(l)}</span></fieldset>
            {field("day", t::filing::day(l), typed.day.clone()).kind("number").show(l, fault)}
            {tick("shifts", t::filing::shifts(l), &typed.shifts)}
            {tick("stops", t::filing::stops_hint(l), &typed.stops)}
            {field("valid_from", t::filing::valid_from(l), typed.valid_from.clone()).kind("date").show(l, fault)}
            {field("valid_to", t::filing::valid_to(l), typed.valid_to.clone()).kind("date").show(l, fault)}
            <div class="line"><button class="btn main">{t::form::save(l)}</button>{clear}</div></form>
    };
    sheet(title, None, ().into_any(), body.into_any())
}
