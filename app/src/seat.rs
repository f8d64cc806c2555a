//! Who asks: put into a request by the entrance, taken out by pages.

use crate::port::{Desk, Entrance};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::{Action, Reach, reach};
use domain::day::OfficeDay;
use domain::id::UndoId;
use domain::person::{Lang, Person, Theme};
use domain::refusal::Refusal;
use std::sync::Arc;

/// What every page knows of its reader.
#[derive(Clone)]
pub struct Viewer {
    pub lang: Lang,
    pub theme: Theme,
    pub today: OfficeDay,
    /// Name of the office; empty before the set-up.
    pub office: Arc<str>,
    /// They came with a session that is over.
    pub lapsed: bool,
    /// The day was set by hand for a demonstration.
    pub pretended: bool,
    pub person: Option<Person>,
    /// Path and query of the request.
    pub here: String,
    /// Reminders that they have not read.
    pub unread: u64,
    /// A notice to show once, by its code.
    pub done: Option<String>,
    /// What was just done can be taken back by this id.
    pub undo: Option<UndoId>,
}

impl Viewer {
    /// Whether an action is open to the reader's role at all; pages hide what is not.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.person.as_ref().is_some_and(|p| reach(p.role, p.sees_all, action) != Reach::Nothing)
    }
}

/// A signed-in reader with the desk that is bound to them.
#[derive(Clone)]
pub struct Seat {
    pub desk: Arc<dyn Desk>,
    pub viewer: Viewer,
}

/// Anybody.
#[derive(Clone)]
pub struct Guest {
    pub entrance: Arc<dyn Entrance>,
    pub viewer: Viewer,
    /// Address of the other side, for the brake on guessing.
    pub address: String,
    /// By what the browser is known, if somebody has signed in from it before.
    pub known: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Seat {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or(Refused(Refusal::SignInFirst))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Guest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or(Refused(Refusal::NotFound))
    }
}

/// A refusal as a response: the entrance puts it into the reader's words.
pub struct Refused(pub Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl axum::response::IntoResponse for Refused {
    fn into_response(self) -> axum::response::Response {
        let mut response = axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// What a handler gives.
pub type Reply = Result<axum::response::Response, Refused>;
