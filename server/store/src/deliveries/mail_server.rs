//! The server through which mail leaves.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::connection::Store;
use crate::core::convert::instant;
use crate::core::entity::mail_server;
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Utc};
use domain::access::{Action, SystemRight};
use domain::audit::{DeedKind, Entry};
use domain::mail::{MailFailure, MailServer, MailSettings, MailStep, Security};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Set};

fn server(row: &mail_server::Model) -> MailServer {
    MailServer {
        host: row.host.clone(),
        port: u16::try_from(row.port).unwrap_or(0),
        security: Security::parse(&row.security).unwrap_or(Security::Tls),
        user: row.user_name.clone(),
        sender: row.sender.clone(),
    }
}

impl Store {
    /// The server of outgoing mail with its sealed password, for whoever sends. None where no owner has named one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_server(&self) -> Result<Option<(MailServer, String)>> {
        let row = find_whoever_asks::<mail_server::Entity>().one(&self.db).await?;
        Ok(row.map(|row| (server(&row), row.sealed)))
    }

    /// Notes that nothing leaves any more and why, or that it does again. Nothing is written where that is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_mail(&self, failure: Option<&MailFailure>, now: DateTime<Utc>) -> Result<()> {
        let system = self.for_system(SystemRight::Deliver, now);
        system
            .write(|deed| async move {
                let deed = deed.by_system(SystemRight::Deliver)?;
                let Some(row) = find_whoever_asks::<mail_server::Entity>().one(&deed.rows).await? else {
                    return Ok(deed.nothing());
                };
                let (step, said) = failure.map_or(("", ""), |f| (f.step.code(), f.said.as_str()));
                if row.fails_since.is_some() == failure.is_some() && row.fails_at == step && row.said == said {
                    return Ok(deed.nothing());
                }
                let since = failure.map(|_| row.fails_since.unwrap_or_else(|| deed.now_ms()));
                let change = deed
                    .change::<mail_server::Entity>(mail_server::Column::Id.eq(1))
                    .col_expr(mail_server::Column::FailsSince, Expr::value(since))
                    .col_expr(mail_server::Column::FailsAt, Expr::value(step))
                    .col_expr(mail_server::Column::Said, Expr::value(said));
                deed.run(change).await?;
                Ok(deed.unrecorded())
            })
            .await
    }
}

impl ScopedStore {
    /// The server of outgoing mail, without its password.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn mail_settings(&self) -> Result<Option<MailSettings>> {
        self.require(Action::Settings)?;
        let row = self.find::<mail_server::Entity>(Action::Settings).one(&self.rows).await?;
        Ok(row.map(|row| {
            let step = MailStep::parse(&row.fails_at);
            let fails = row.fails_since.zip(step).map(|(since, step)| (instant(since), step, row.said.clone()));
            MailSettings { server: server(&row), has_password: !row.sealed.is_empty(), fails }
        }))
    }

    /// Names the server of outgoing mail. Without a new sealed password the present one stays, as long as it goes to the same
    /// server under the same name.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners, `Invalid` where the password has to be typed.
    pub async fn set_mail_server(&self, to: &MailServer, sealed: Option<String>) -> Result<()> {
        let sealed = &sealed;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let before = find_whoever_asks::<mail_server::Entity>().one(&deed.rows).await?;
            let same = |row: &mail_server::Model| row.host == to.host && row.user_name == to.user;
            let sealed = match (sealed, before.as_ref().filter(|row| same(row))) {
                _ if to.user.is_empty() => String::new(),
                (Some(new), _) => new.clone(),
                (None, Some(row)) if !row.sealed.is_empty() => row.sealed.clone(),
                // A kept password never goes to a server for which it was not typed.
                (None, _) => return Err(Refusal::invalid("password", Rule::Required).into()),
            };
            deed.remove::<mail_server::Entity>(mail_server::Column::Id.eq(1)).await?;
            let row = mail_server::ActiveModel {
                id: Set(1),
                host: Set(to.host.clone()),
                port: Set(i32::from(to.port)),
                security: Set(to.security.code().into()),
                user_name: Set(to.user.clone()),
                sealed: Set(sealed),
                sender: Set(to.sender.clone()),
                changed: Set(deed.now_ms()),
                fails_since: Set(None),
                fails_at: Set(String::new()),
                said: Set(String::new()),
            };
            deed.insert(row).await?;
            let about = format!("{}:{} {}", to.host, to.port, to.security.code());
            Ok(deed.done(Entry::new(DeedKind::MailServerChanged, about).link("/office/mail")))
        })
        .await
    }

    /// Takes the server away: no mail leaves any more.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners, `NotFound` where none is named.
    pub async fn remove_mail_server(&self) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            if deed.remove::<mail_server::Entity>(mail_server::Column::Id.eq(1)).await? == 0 {
                return Err(Refusal::NotFound.into());
            }
            Ok(deed.done(Entry::new(DeedKind::MailServerChanged, "−").link("/office/mail")))
        })
        .await
    }
}
