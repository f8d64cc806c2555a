//! Somebody to whom the program tells something outside its pages: their desk, which reads only, and how a page would know
//! them.

use crate::desk::OfficeDesk;
use crate::state::AppState;
use app::seat::Viewer;
use domain::id::PersonId;
use domain::office::Office;
use std::sync::Arc;

/// The desk and the viewer of a person. None for somebody who has left.
///
/// # Errors
/// When the database fails.
pub async fn reader(
    state: &Arc<AppState>,
    office: &Office,
    id: PersonId,
) -> store::Result<Option<(OfficeDesk, Viewer)>> {
    let today = state.clock.today(&office.zone);
    let Some((scoped, person)) = state.store.reading_for(id, today).await? else { return Ok(None) };
    let viewer = Viewer {
        lang: person.lang,
        theme: person.theme,
        today,
        office: office.name.as_str().into(),
        lapsed: false,
        pretended: state.clock.pretended.is_some(),
        person: Some(person),
        here: String::new(),
        unread: 0,
        done: None,
        undo: None,
    };
    Ok(Some((OfficeDesk { scoped, state: state.clone() }, viewer)))
}
