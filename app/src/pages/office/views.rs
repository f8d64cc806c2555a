//! Saving and removing views of the lists.

use crate::form::{Fault, choice, text};
use crate::seat::{Refused, Reply, Seat};
use crate::shell::back_to;
use axum::extract::{Form, Path};
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
        if query.len() > LONGEST || query.chars().any(char::is_control) {
            return Err(Refusal::invalid("query", Rule::TooLong));
        }
        if secret_anywhere(query.replace("%2F", "/").replace("%2B", "+").as_bytes()).is_some() {
            return Err(Refusal::invalid("query", Rule::HoldsKey));
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
                Some(("query", _)) => "view_long",
                _ => "view_name",
            };
            Ok(back_to(&back, code, None))
        }
    }
}

pub async fn remove(seat: Seat, Path(id): Path<ViewId>) -> Reply {
    let place = seat.desk.remove_view(id).await?;
    Ok(back_to(place.path(), "view_removed", None))
}
