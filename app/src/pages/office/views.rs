//! Saving and removing views of the lists.

use crate::form::{Fault, choice, text};
use crate::seat::{Refused, Reply, Seat};
use crate::shell::back_to;
use axum::extract::{Form, Path, Query};
use axum::http::Uri;
use domain::id::ViewId;
use domain::refusal::{Refusal, Rule};
use domain::sniff::secret_anywhere;
use domain::view::{LONGEST, NewView, Place, kept};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    place: String,
    query: String,
    name: String,
    shared: String,
}

pub async fn save(seat: Seat, Form(typed): Form<Typed>) -> Reply {
    let place = choice("place", &typed.place, Place::parse)?;
    let query = kept(&typed.query);
    let done = async {
        let name = text("name", &typed.name, 60)?;
        if query.len() > SEARCHED {
            return Err(Refusal::invalid("query", Rule::TooLong));
        }
        if holds_key(&query) {
            return Err(Refusal::invalid("query", Rule::HoldsKey));
        }
        if query.len() > LONGEST || query.chars().any(char::is_control) {
            return Err(Refusal::invalid("query", Rule::TooLong));
        }
        seat.desk.save_view(NewView { place, name, query: query.clone(), shared: typed.shared == "1" }).await
    };
    let back = format!("{}?{query}", place.path());
    match done.await {
        Ok(()) => Ok(back_to(&back, "view_saved", None)),
        // The list with its narrowing is what matters; the notice says what the name lacks.
        Err(refusal) => {
            let fault = Fault::of(refusal).map_err(Refused)?;
            let code = match fault.0 {
                Some((_, Rule::TooMany)) => "view_most",
                // Not back with it: an address stands in the browser's history.
                Some((_, Rule::HoldsKey)) => return Ok(back_to(place.path(), "holds_key", None)),
                Some(("query", _)) => return Ok(back_to(place.path(), "view_long", None)),
                _ => "view_name",
            };
            Ok(back_to(&back, code, None))
        }
    }
}

/// An address of more bytes is refused unread: a key pasted into a search is shorter.
const SEARCHED: usize = 16 * 1024;

/// Whether a key stands in the words of an address.
fn holds_key(query: &str) -> bool {
    let address = format!("/?{query}").parse::<Uri>().ok();
    let pairs = address.and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    let words = pairs.into_iter().flat_map(|Query(pairs)| pairs).map(|(_, words)| words);
    words.chain([query.to_owned()]).any(|words| secret_anywhere(words.as_bytes()).is_some())
}

pub async fn remove(seat: Seat, Path(id): Path<ViewId>) -> Reply {
    let place = seat.desk.remove_view(id).await?;
    Ok(back_to(place.path(), "view_removed", None))
}
