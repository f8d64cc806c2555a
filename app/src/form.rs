//! Reading forms: flat strings in, checked values out; and fields that keep what was typed.

use crate::words;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use domain::fold::is_invisible;
use domain::lookalike::strange_letter;
use domain::person::Lang;
use domain::refusal::{MailFault, Refusal, Rule};
use domain::sniff::secret_anywhere;
use leptos::prelude::*;

/// A refusal of one field, to stand beside it.
#[derive(Clone, Default)]
pub struct Fault(pub Option<(&'static str, Rule)>);

impl Fault {
    /// Takes the refusal of a field; others go on to the whole page.
    pub fn of(refusal: Refusal) -> Result<Self, Refusal> {
        match refusal {
            Refusal::Invalid { field, rule } => Ok(Self(Some((field, rule)))),
            Refusal::Conflict => Ok(Self(Some(("revision", Rule::Changed)))),
            other => Err(other),
        }
    }

    /// The sentence for a field, if it is the one.
    pub fn at(&self, l: Lang, field: &str) -> Option<String> {
        self.0.as_ref().filter(|(f, _)| *f == field).map(|(_, rule)| words::rule(l, rule))
    }

    /// The sentence with the name of its field, where the fields stand far from it.
    pub fn named(&self, l: Lang, names: &[(&str, &str)]) -> Option<String> {
        let (field, rule) = self.0.as_ref()?;
        let said = words::rule(l, rule);
        let Some((_, name)) = names.iter().find(|(of, _)| of == field) else { return Some(said) };
        if !matches!(rule, Rule::Required | Rule::Date | Rule::Unknown | Rule::DayLongPast) {
            return Some(said);
        }
        let mut letters = said.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
        Some(format!("{name}: {first}{}", letters.as_str()))
    }

    /// The sentence whatever the field, for the head of the form.
    pub fn any(&self, l: Lang) -> Option<String> {
        self.0.as_ref().map(|(_, rule)| words::rule(l, rule))
    }
}

/// A text that must not be empty and not be longer than `max` characters.
pub fn text(field: &'static str, typed: &str, max: usize) -> Result<String, Refusal> {
    // It is one line, wherever it goes on to: a line break would begin another field of a message or a calendar.
    let plain = typed.replace(char::is_control, " ");
    let plain = plain.trim();
    let seen = plain.chars().any(|c| !is_invisible(c) && !c.is_whitespace());
    if seen { optional(field, plain, max) } else { Err(Refusal::invalid(field, Rule::Required)) }
}

/// A text that may be empty. None that holds a key is taken, wherever it was to stand.
pub fn optional(field: &'static str, typed: &str, max: usize) -> Result<String, Refusal> {
    let plain = typed.trim();
    if plain.chars().count() > max || plain.contains('\0') {
        Err(Refusal::invalid(field, Rule::TooLong))
    } else if secret_anywhere(plain.as_bytes()).is_some() {
        Err(Refusal::invalid(field, Rule::HoldsKey))
    } else {
        Ok(plain.to_owned())
    }
}

/// A mail address: something, an at sign, a name with a dot.
pub fn email(field: &'static str, typed: &str) -> Result<String, Refusal> {
    let plain = text(field, typed, 200)?.to_lowercase();
    if let Some(letter) = strange_letter(&plain) {
        return Err(Refusal::invalid(field, Rule::Mail(MailFault::Letter(letter))));
    }
    let fits = plain.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    });
    if fits && !plain.contains(|c: char| c.is_whitespace() || "<>()[],;:\"\\".contains(c)) {
        Ok(plain)
    } else {
        Err(Refusal::invalid(field, Rule::Mail(MailFault::Form)))
    }
}

/// A day of `<input type=date>`, or typed as 31.12.2026 where there is no date field.
pub fn day(field: &'static str, typed: &str) -> Result<NaiveDate, Refusal> {
    let plain = typed.trim();
    if plain.is_empty() {
        return Err(Refusal::invalid(field, Rule::Required));
    }
    NaiveDate::parse_from_str(plain, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(plain, "%d.%m.%Y"))
        .ok()
        .filter(|day| (1900..3000).contains(&day.year()))
        .ok_or(Refusal::invalid(field, Rule::Date))
}

/// A time of `<input type=datetime-local>` in Kazakhstan, or 31.12.2026 14:30; empty means none.
pub fn moment(field: &'static str, typed: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let plain = typed.trim();
    if plain.is_empty() {
        return Ok(None);
    }
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"];
    let local = forms.iter().find_map(|f| NaiveDateTime::parse_from_str(plain, f).ok());
    let local = local.filter(|at| (1900..3000).contains(&at.year())).ok_or(Refusal::invalid(field, Rule::Date))?;
    Ok(Some(domain::day::start_of(local.date()) + (local - local.date().and_time(chrono::NaiveTime::MIN))))
}

/// A day that may be missing.
pub fn optional_day(field: &'static str, typed: &str) -> Result<Option<NaiveDate>, Refusal> {
    if typed.trim().is_empty() { Ok(None) } else { day(field, typed).map(Some) }
}

/// A value of a select.
pub fn choice<T>(field: &'static str, typed: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
    parse(typed).ok_or(Refusal::invalid(field, Rule::Unknown))
}

/// A value of a select that may be empty; what cannot be read counts as empty.
pub fn picked<T: std::str::FromStr>(typed: &str) -> Option<T> {
    typed.trim().parse().ok()
}

/// What was ticked. A set is ticked as a whole: its ids with commas between.
///
/// # Errors
/// `NotFound` for what is no id.
pub fn ticked<T: std::str::FromStr>(typed: &[String]) -> Result<Vec<T>, Refusal> {
    typed.iter().flat_map(|ids| ids.split(',')).map(|id| id.parse().map_err(|_| Refusal::NotFound)).collect()
}

/// A field with its label, its value and the sentence that is wrong with it.
pub struct Field {
    name: &'static str,
    label: String,
    value: String,
    kind: &'static str,
    hint: Option<String>,
    complete: &'static str,
    required: bool,
}

/// A text field.
pub fn field(name: &'static str, label: impl Into<String>, value: impl Into<String>) -> Field {
    Field { name, label: label.into(), value: value.into(), kind: "text", hint: None, complete: "off", required: false }
}

impl Field {
    pub fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    pub fn complete(self, complete: &'static str) -> Self {
        Self { complete, ..self }
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub fn show(self, l: Lang, fault: &Fault) -> AnyView {
        let wrong = fault.at(l, self.name);
        let (id, name) = (format!("f-{}", self.name), self.name);
        let described = described(name, wrong.is_some(), self.hint.is_some());
        let value = if self.kind == "password" { String::new() } else { self.value };
        view! {
            <div class="field">
                <label for=id.clone()>{self.label}</label>
                <input class="in" id=id name=name type=self.kind value=value autocomplete=self.complete
                    required=self.required autofocus=wrong.is_some()
                    aria-invalid=wrong.is_some().then_some("true") aria-describedby=described/>
                {notes(name, wrong, self.hint)}
            </div>
        }
        .into_any()
    }
}

fn described(name: &str, wrong: bool, hint: bool) -> Option<String> {
    if wrong { Some(format!("e-{name}")) } else { hint.then(|| format!("h-{name}")) }
}

fn notes(name: &str, wrong: Option<String>, hint: Option<String>) -> AnyView {
    let (e, h) = (format!("e-{name}"), format!("h-{name}"));
    view! {
        {wrong.map(|w| view! { <span class="wrong" id=e>{crate::parts::icon("x")}{w}</span> })}
        {hint.map(|t| view! { <span class="hint" id=h>{t}</span> })}
    }
    .into_any()
}

/// A text of several lines.
pub fn area(l: Lang, name: &'static str, label: impl Into<String>, value: &str, fault: &Fault) -> AnyView {
    let (id, label, value, wrong) = (format!("f-{name}"), label.into(), value.to_owned(), fault.at(l, name));
    view! {
        <div class="field full">
            <label for=id.clone()>{label}</label>
            <textarea class="in" id=id name=name rows="3" autofocus=wrong.is_some() aria-invalid=wrong.is_some().then_some("true")>{value}
                </textarea>
            {notes(name, wrong, None)}
        </div>
    }
    .into_any()
}

/// A select: pairs of value and word.
pub fn select(
    l: Lang,
    name: &'static str,
    label: impl Into<String>,
    chosen: &str,
    options: Vec<(String, String)>,
    fault: &Fault,
) -> AnyView {
    let (id, label, wrong) = (format!("f-{name}"), label.into(), fault.at(l, name));
    let open = is_open(chosen, &options);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select class="pick" id=id name=name required=open autofocus=wrong.is_some() aria-invalid=wrong.is_some().then_some("true")>
                {choices(chosen, options)}</select>
            {notes(name, wrong, None)}
        </div>
    }
    .into_any()
}

/// Whether nothing is chosen yet.
fn is_open(chosen: &str, options: &[(String, String)]) -> bool {
    options.iter().all(|(value, _)| value != chosen)
}

/// The options of a select. Nobody chooses by leaving it alone: where none of them is chosen, an empty one is.
pub fn choices(chosen: &str, options: Vec<(String, String)>) -> AnyView {
    let open = is_open(chosen, &options);
    let chosen = chosen.to_owned();
    let every = options
        .into_iter()
        .map(|(value, word)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{word}</option> }
        })
        .collect_view();
    view! { {open.then(|| view! { <option value="" selected=true>"—"</option> })}{every} }.into_any()
}

/// A select of a filter bar: sends the form when it changes, where scripts run.
pub fn filter(name: &'static str, label: &str, chosen: &str, options: Vec<(String, String)>) -> AnyView {
    let class = if chosen.is_empty() { "pick" } else { "pick set" };
    let label = label.to_owned();
    view! { <select class=class name=name aria-label=label>{choices(chosen, options)}</select> }.into_any()
}

/// Options of a coded enumeration with an empty first one.
pub fn any_of<T: Copy + 'static>(
    first: &str,
    all: &'static [T],
    code: fn(T) -> &'static str,
    word: impl Fn(T) -> String,
) -> Vec<(String, String)> {
    let mut out = vec![(String::new(), first.to_owned())];
    out.extend(all.iter().map(|v| (code(*v).to_owned(), word(*v))));
    out
}

/// What somebody else has saved in a field meanwhile, with a button that takes it.
pub fn changed_by(l: Lang, field: &'static str, value: &str) -> AnyView {
    let value = if value.trim().is_empty() { crate::text::form::nothing_saved(l) } else { value };
    view! {
        <p class="line wrap full changed"><span>{crate::text::form::changed_by(l, value)}</span>
            <button class="btn low" name="take" value=field formnovalidate=true>{crate::text::form::take(l)}</button></p>
    }
    .into_any()
}
