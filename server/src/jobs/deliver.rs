//! Sending: the day's digests are noted when their hour comes, and what waits is sent, over one line.

use crate::mail::{Line, Way, message};
use crate::reader::reader;
use crate::secret::chance;
use crate::state::AppState;
use app::letters::{self, Letter};
use chrono::{DateTime, Timelike as _, Utc};
use chrono_tz::Tz;
use domain::delivery::Carried;
use domain::id::NoticeId;
use domain::mail::{MailFailure, MailServer};
use domain::office::Office;
use domain::refusal::Refusal;
use std::sync::Arc;
use std::time::Duration;
use store::Ended;

pub const EVERY: Duration = Duration::from_secs(15);

/// Sends what waits. The day's digests are noted after the day's reminders, which they tell.
pub async fn run(state: Arc<AppState>) {
    match super::work::reminded(&state).await {
        Ok(reminded) => send(state, reminded).await,
        Err(error) => tracing::info!(%error, "messages could not be looked for and wait for the next time"),
    }
}

/// Notes the digests whose hour has come, if it is told to, and sends what waits. It stops where the server or the line fails:
/// the rest waits for the next time.
pub async fn send(state: Arc<AppState>, digests: bool) {
    if let Err(error) = round(&state, digests).await {
        tracing::info!(%error, "messages could not be looked for and wait for the next time");
    }
}

async fn round(state: &Arc<AppState>, digests: bool) -> store::Result<()> {
    let Some(office) = state.store.office().await? else { return Ok(()) };
    let Some((server, sealed)) = state.store.mail_server().await? else { return Ok(()) };
    if digests {
        state.store.plan_digests(state.clock.today(&office.zone), hour(state.clock.now(), &office)).await?;
    }
    let mut sender = Sender { state: state.clone(), office, server, sealed, line: None, tried: false };
    while let Some(carried) = state.store.take_delivery(state.clock.now()).await? {
        let how = sender.one(&carried).await?;
        let failure = match &how {
            Ended::Failed(failure, _) => Some(failure).filter(|failure| failure.of_server),
            Ended::Sent | Ended::Empty => None,
        };
        // Before the message itself: whoever sees it fail sees why. A server that answers about one message works.
        if sender.tried {
            state.store.note_mail(failure, state.clock.now()).await?;
        }
        if !state.store.end_delivery(&carried, &how, state.clock.now()).await? {
            tracing::warn!(delivery = %carried.id, "a message took longer than its lease; another process has it");
        }
        if failure.is_some() {
            break;
        }
    }
    if let Some(line) = sender.line {
        line.close().await;
    }
    Ok(())
}

fn hour(now: DateTime<Utc>, office: &Office) -> u32 {
    let zone: Tz = office.zone.parse().unwrap_or(chrono_tz::Asia::Almaty);
    now.with_timezone(&zone).hour()
}

/// A letter with the notices that it tells; none where there is nothing to say any more.
type Written = Result<Option<(Letter, Vec<NoticeId>)>, Refusal>;

struct Sender {
    state: Arc<AppState>,
    office: Office,
    server: MailServer,
    sealed: String,
    line: Option<Line>,
    /// The server was asked for the last message.
    tried: bool,
}

impl Sender {
    async fn letter(&self, carried: &Carried) -> store::Result<Written> {
        if let Some(own) = &carried.letter {
            let letter = letters::plain(own.lang, &self.office.name, &own.subject, &own.body);
            return Ok(Ok(Some((letter, Vec::new()))));
        }
        let Some((desk, viewer)) = reader(&self.state, &self.office, carried.person).await? else {
            return Ok(Ok(None));
        };
        let notices = desk.scoped.notices_to_send(carried).await?;
        Ok(letters::of(carried.kind, &desk, &viewer, &notices).await)
    }

    async fn one(&mut self, carried: &Carried) -> store::Result<Ended> {
        let state = self.state.clone();
        self.tried = false;
        let (letter, tells) = match self.letter(carried).await? {
            Ok(Some(written)) => written,
            Ok(None) => return Ok(Ended::Empty),
            Err(refusal) => return Ok(Ended::Failed(lost_turn(&refusal.to_string()), chance())),
        };
        // One that cannot even be put together stops nothing but itself.
        let build = || message(&self.server, &self.office.name, letter, carried);
        let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(build))
            .unwrap_or_else(|_| Err(MailFailure { passes: false, ..lost_turn("it cannot be put together") }));
        let sent = async {
            let built = built?;
            self.tried = true;
            let mut line = match self.line.take() {
                Some(line) => line,
                None => Line::open(&Way::new(&state, self.server.clone(), &self.sealed)?).await?,
            };
            if !state
                .store
                .begin_delivery(carried, &tells, state.clock.now())
                .await
                .map_err(|e| lost_turn(&e.to_string()))?
            {
                return Err(lost_turn("its turn is over"));
            }
            let sent = line.send(&built).await;
            let goes_on = sent.as_ref().err().is_none_or(|failure| !failure.of_server) && !line.is_broken();
            self.line = Some(line).filter(|_| goes_on);
            sent
        };
        Ok(match sent.await {
            Ok(()) => Ended::Sent,
            Err(failure) => {
                tracing::info!(delivery = %carried.id, step = failure.step.code(), "a message did not leave");
                Ended::Failed(failure, chance())
            }
        })
    }
}

/// The register refused, or the turn is over: another try may succeed.
fn lost_turn(said: &str) -> MailFailure {
    MailFailure {
        step: domain::mail::MailStep::Message,
        passes: true,
        of_server: false,
        said: said.to_owned(),
        unclear: false,
    }
}
