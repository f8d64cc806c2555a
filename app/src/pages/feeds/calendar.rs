//! A person's calendar as iCalendar (RFC 5545): ends of certificates and due days of own tasks, as whole days of Kazakhstan.

use crate::seat::{Guest, Reply, Seat};
use crate::{dates, text as t};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::CalendarFilter;
use domain::certificate::in_sets;
use domain::client_name::{holder_short, is_holder};
use domain::day::{minus, plus};
use domain::refusal::Refusal;
use domain::task::TaskView;
use icalendar::{Calendar, Component as _, Event, EventLike as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Days back and ahead.
const BACK: u64 = 30;
const AHEAD: u64 = 400;
/// Ends at most; a calendar with more is read by nobody.
const MOST: u64 = 2_000;

pub async fn show(guest: Guest, headers: HeaderMap, Path((token, _)): Path<(String, String)>) -> Reply {
    let seat = guest.entrance.feed(&token).await?;
    let body = events(&seat).await?.to_string();
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(body.as_bytes())));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
    ];
    // A proxy that compresses marks the tag as weak (RFC 9110, 13.1.2 compares weakly).
    let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    if same {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, body).into_response())
}

async fn events(seat: &Seat) -> Result<Calendar, Refusal> {
    let (v, l) = (&seat.viewer, seat.viewer.lang);
    let today = v.today.day;
    let rows = seat.desk.agenda(minus(today, BACK), plus(today, AHEAD), &CalendarFilter::default(), 0, MOST).await?;
    let rows: Vec<_> = rows.iter().map(|row| row.certificate.clone()).collect();
    let rows: Vec<_> =
        rows.into_iter().filter(|c| !c.life.is_replaced(v.today) && !c.life.aside && !c.contract_ended).collect();
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", "-//Merzim//Merzim//RU"));
    calendar.append_property(("CALSCALE", "GREGORIAN")).name(t::feed::calendar(l));
    for set in in_sets(&rows, v.today) {
        let Some(main) = set.main() else { continue };
        let whose = main.clients.first().map_or_else(|| main.holder.clone(), |(_, name)| name.clone());
        let holder = if is_holder(&whose, &main.holder) { String::new() } else { holder_short(&main.holder) };
        let name = [whose, holder].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ");
        let path = format!("/certificates/{}", main.id);
        calendar.push(event(seat, ("certificate", main.id.0), t::feed::ends(l, name), main.life.last_day(), 0, &path));
    }
    for task in seat.desk.tasks(&TaskView::Mine.into()).await?.iter() {
        let (whose, holder) = crate::parts::named(task);
        let name = [Some(whose), holder].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let path = format!("/tasks/{}", task.id);
        let revision = u32::try_from(task.revision).unwrap_or(0);
        calendar.push(event(seat, ("task", task.id.0), t::feed::due(l, name), task.clock.due, revision, &path));
    }
    Ok(calendar)
}

/// A whole day. Its id stays as long as the thing does, and it is dated with the making of the thing: what did not change
/// reads the same each time.
fn event(seat: &Seat, (kind, id): (&str, Uuid), title: String, day: NaiveDate, sequence: u32, path: &str) -> Event {
    let at = id.get_timestamp().and_then(|at| {
        let (seconds, nanos) = at.to_unix();
        DateTime::<Utc>::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    });
    Event::new()
        .uid(&format!("{kind}-{id}@merzim"))
        .timestamp(at.unwrap_or_default())
        .sequence(sequence)
        .summary(&title.replace(char::is_control, " "))
        .description(&dates::plain(seat.viewer.lang, day, seat.viewer.today).text)
        .url(&format!("{}{path}", seat.desk.url()))
        .starts(day)
        // The end of a whole day is the next one (RFC 5545, 3.6.1).
        .ends(plus(day, 1))
        .done()
}
