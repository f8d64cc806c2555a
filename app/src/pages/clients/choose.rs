//! Choosing one client: from a list, or by number or name where there are too many for a list.

use crate::form::choices;
use crate::seat::{Seat, Viewer};
use crate::text as t;
use domain::client::{ClientFilter, ClientRow};
use domain::client_name::untold;
use domain::fold::find_fold;
use domain::id::ClientId;
use domain::refusal::{Refusal, Rule};
use leptos::prelude::*;

/// Clients of a list at most.
const LISTED: usize = 500;
/// Clients that are named where words are no one client's.
const NEAR: u64 = 5;

/// What can be chosen from.
pub enum Clients {
    Listed(Vec<(ClientId, String)>),
    /// Too many: the server looks for what is typed.
    Many,
}

impl Clients {
    pub async fn of(seat: &Seat) -> Result<Self, Refusal> {
        let all = seat.desk.client_choices(LISTED + 1).await?;
        Ok(if all.len() > LISTED { Self::Many } else { Self::Listed(all) })
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Listed(all) if all.is_empty())
    }
}

/// The control, and the sentence that is wrong with what was chosen.
pub fn client_choice(v: &Viewer, name: String, clients: &Clients, typed: &str, wrong: Option<String>) -> AnyView {
    let l = v.lang;
    let (invalid, label) = (wrong.is_some(), t::client::one(l));
    let control = match clients {
        Clients::Listed(all) => {
            let options = all.iter().map(|(id, name)| (id.to_string(), name.clone()));
            let options = [(String::new(), t::import::choose_client(l).to_owned())].into_iter().chain(options);
            view! { <select class="pick" name=name aria-label=label autofocus=invalid aria-invalid=invalid.then_some("true")>
                {choices(typed, options.collect())}</select> }
            .into_any()
        }
        Clients::Many => view! {
            <input class="in" name=name value=typed.to_owned() autocomplete="off" maxlength="200" aria-label=label
                placeholder=t::client::by_number_or_name(l) autofocus=invalid aria-invalid=invalid.then_some("true")/>
        }
        .into_any(),
    };
    view! { {control}{wrong.map(|w| view! { <span class="wrong">{crate::parts::icon("x")}{w}</span> })} }.into_any()
}

/// The client that was chosen, or typed by number or whole name.
///
/// # Errors
/// `WhichClient` with those that come near.
pub async fn chosen_client(seat: &Seat, field: &'static str, typed: &str) -> Result<ClientId, Refusal> {
    let typed: String = typed.trim().chars().filter(|c| *c != '\0').take(200).collect();
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    if typed.is_empty() {
        return Err(Refusal::invalid(field, Rule::Required));
    }
    // As the program writes them: a number in groups, a name with the digits that tell it apart.
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (name, digits) = untold(&typed);
    let is_number = number.bytes().all(|b| b.is_ascii_digit());
    let text = if is_number { number.clone() } else { name.to_owned() };
    let found = seat.desk.some_clients(&ClientFilter { text, ..ClientFilter::default() }, NEAR).await?;
    let asked = find_fold(name);
    let named = |c: &ClientRow| find_fold(&c.name) == asked && digits.is_none_or(|digits| c.number.ends_with(digits));
    let mut same = found.rows.iter().filter(|c| c.number == number || named(c));
    match (same.next(), same.next()) {
        (Some(one), None) => Ok(one.id),
        _ => {
            let near = found.rows.iter().map(|c| format!("{} ({})", c.name, c.number)).collect();
            Err(Refusal::invalid(field, Rule::WhichClient(near)))
        }
    }
}
