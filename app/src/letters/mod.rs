//! Letters: what a message says, in text and in HTML alike.

mod digest;
mod lines;
mod written;

pub use written::Letter;

use crate::port::Desk;
use crate::seat::Viewer;
use crate::text as t;
use domain::delivery::DeliveryKind;
use domain::id::NoticeId;
use domain::person::Lang;
use domain::refusal::Refusal;
use domain::reminder::Notice;
use written::Part;

/// The letter of a message to its reader, whose desk this is, and the notices that it tells. None where there is nothing to say any more.
///
/// # Errors
/// Where the register refuses to tell.
pub async fn of(
    kind: DeliveryKind,
    desk: &dyn Desk,
    viewer: &Viewer,
    notices: &[Notice],
) -> Result<Option<(Letter, Vec<NoticeId>)>, Refusal> {
    match kind {
        DeliveryKind::Digest => digest::digest(desk, viewer, notices).await,
        DeliveryKind::Urgent => digest::urgent(desk, viewer, notices).await,
        // A person has written it.
        DeliveryKind::Owner => Ok(None),
    }
}

/// A letter that somebody has written: nothing is added but the name of the office.
#[must_use]
pub fn plain(l: Lang, office: &str, subject: &str, body: &str) -> Letter {
    Letter::plain(l, subject.to_owned(), office, body)
}

/// The letter by which settings are tried.
#[must_use]
pub fn test(l: Lang, office: &str, url: &str) -> Letter {
    let parts = vec![Part::Text(t::letter::test_text(l, office)), Part::Button(t::letter::open(l).into(), "/".into())];
    Letter::written(l, t::letter::test(l).into(), office, url, &parts)
}
