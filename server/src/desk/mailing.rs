//! The server of outgoing mail: named, sealed, tried.

use super::OfficeDesk;
use crate::mail::{Line, PASSWORD, Way, is_address, message};
use crate::refusals::of;
use app::letters;
use app::port::{Answer, Mailing};
use async_trait::async_trait;
use domain::access::{Action, Reach};
use domain::delivery::{Carried, DeliveryKind};
use domain::id::DeliveryId;
use domain::mail::{MailFailure, MailServer};
use domain::refusal::{MailFault, Refusal, Rule};

#[async_trait]
impl Mailing for OfficeDesk {
    async fn set_mail_server(&self, server: &MailServer, password: &str) -> Answer<()> {
        if self.scoped.who().reach(Action::Settings) == Reach::Nothing {
            return Err(Refusal::NotAllowed);
        }
        // Asked of those who send: what they cannot read as an address they cannot send from.
        if !is_address(&server.sender) {
            return Err(Refusal::invalid("sender", Rule::Mail(MailFault::Form)));
        }
        let new = !password.is_empty() && !server.user.is_empty();
        let sealed = if new { Some(self.state.secrets.seal(PASSWORD, password)?) } else { None };
        self.scoped.set_mail_server(server, sealed).await.map_err(of)
    }

    async fn test_mail(&self) -> Answer<Result<(), MailFailure>> {
        if self.scoped.mail_settings().await.map_err(of)?.is_none() {
            return Err(Refusal::NotFound);
        }
        let Some((server, sealed)) = self.state.store.mail_server().await.map_err(of)? else {
            return Err(Refusal::NotFound);
        };
        let people = self.scoped.people().await.map_err(of)?;
        let me = people.iter().find(|p| p.id == self.scoped.who().person()).ok_or(Refusal::NotFound)?;
        let office = self.scoped.office_settings().await.map_err(of)?.name;
        let bytes = crate::secret::nonce().map_err(|_| Refusal::Internal { reference: "random".into() })?;
        let now = self.state.clock.now();
        let carried = Carried {
            id: DeliveryId(uuid::Uuid::from_bytes(bytes)),
            person: me.id,
            name: me.name.clone(),
            email: me.email.clone(),
            lang: me.lang,
            kind: DeliveryKind::Digest,
            epoch: 1,
            tries: 1,
            made: now,
            letter: None,
        };
        let sent = async {
            let way = Way::new(&self.state, server, &sealed)?;
            let letter = letters::test(me.lang, &office, &self.state.url);
            let message = message(&way.server, &office, letter, &carried)?;
            let mut line = Line::open(&way).await?;
            let sent = line.send(&message).await;
            line.close().await;
            sent
        };
        let sent = sent.await;
        // A server that answers about one message works.
        let failure = sent.as_ref().err().filter(|failure| failure.of_server);
        self.state.store.note_mail(failure, now).await.map_err(of)?;
        Ok(sent)
    }
}
