//! One's own account: language, theme, password, sessions.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::instant;
use crate::core::entity::{person, session};
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::client::ClientColumn;
use domain::id::SessionId;
use domain::person::{Lang, SessionRow, Theme};
use domain::refusal::Refusal;
use sea_orm::sea_query::Expr;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::sync::Arc;

impl ScopedStore {
    /// One's own sessions, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>> {
        let rows = self
            .find::<session::Entity>(Action::See)
            .filter(session::Column::Ends.gt(self.now_ms()))
            .order_by_desc(session::Column::Seen)
            .all(&self.rows)
            .await?;
        Ok(rows
            .into_iter()
            .map(|s| SessionRow {
                id: SessionId(s.id),
                started: instant(s.started),
                seen: instant(s.seen),
                current: self.who.session.is_some_and(|c| c.0 == s.id),
                browser: s.browser,
                address: s.address,
            })
            .collect())
    }

    /// Ends one of one's own sessions; none ends the present one.
    ///
    /// # Errors
    /// `NotFound` for a foreign one.
    pub async fn end_session(&self, id: Option<SessionId>) -> Result<()> {
        self.write(|deed| async move {
            let kind = if id.is_none() { DeedKind::SignedOut } else { DeedKind::SessionEnded };
            let id = id.or(deed.who.session).ok_or(Refusal::NotFound)?;
            let own =
                deed.find::<session::Entity>(Action::See).filter(session::Column::Id.eq(id.0)).one(&deed.rows).await?;
            let own = own.ok_or(Refusal::NotFound)?;
            let deed = deed.own()?;
            deed.remove::<session::Entity>(session::Column::Id.eq(own.id)).await?;
            Ok(deed.done(Entry::new(kind, "")))
        })
        .await
    }

    /// Keeps language and theme.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_taste(&self, lang: Lang, theme: Theme) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.own()?;
            let change = deed
                .change::<person::Entity>(person::Column::Id.eq(deed.who.person.0))
                .col_expr(person::Column::Lang, Expr::value(lang.code()))
                .col_expr(person::Column::Theme, Expr::value(theme.code()));
            deed.run_one(change).await?;
            Ok(deed.done(Entry::new(DeedKind::AccountChanged, format!("{} {}", lang.code(), theme.code()))))
        })
        .await
    }

    /// The columns of the list of clients that one has chosen, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn client_columns(&self) -> Result<Arc<Vec<ClientColumn>>> {
        let ask = async {
            let own = self.find::<person::Entity>(Action::See).filter(person::Column::Id.eq(self.who.person.0));
            let own = own.select_only().column(person::Column::ClientColumns);
            let kept = own.into_tuple::<String>().one(&self.rows).await?.unwrap_or_default();
            let chosen: Vec<ClientColumn> = kept.split(',').filter_map(ClientColumn::parse).collect();
            let usual = || ClientColumn::USUAL.to_vec();
            Ok(if kept.is_empty() { usual() } else { chosen })
        };
        self.remembered(format!("client columns {}", self.who.person), ask).await
    }

    /// Keeps the columns that one has chosen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_client_columns(&self, columns: &[ClientColumn]) -> Result<()> {
        let chosen = ClientColumn::ALL.iter().filter(|column| columns.contains(column));
        let codes: Vec<&str> = chosen.map(|column| column.code()).collect();
        // Empty would say that nothing was chosen yet.
        let kept = if codes.is_empty() { "none".to_owned() } else { codes.join(",") };
        let kept = kept.as_str();
        self.write(|deed| async move {
            let deed = deed.own()?;
            let own = deed.change::<person::Entity>(person::Column::Id.eq(deed.who.person.0));
            deed.run_one(own.col_expr(person::Column::ClientColumns, Expr::value(kept))).await?;
            Ok(deed.unrecorded())
        })
        .await
    }

    /// The hash of one's own password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_password(&self) -> Result<Option<String>> {
        let row = self
            .find::<person::Entity>(Action::See)
            .filter(person::Column::Id.eq(self.who.person.0))
            .one(&self.rows)
            .await?;
        Ok(row.and_then(|p| p.password))
    }

    /// Sets one's own password; every other session ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(&self, hash: String) -> Result<()> {
        let hash = &hash;
        self.write(|deed| async move {
            let deed = deed.own()?;
            deed.run_one(
                deed.change::<person::Entity>(person::Column::Id.eq(deed.who.person.0))
                    .col_expr(person::Column::Password, Expr::value(hash)),
            )
            .await?;
            let others = session::Column::PersonId
                .eq(deed.who.person.0)
                .and(session::Column::Id.ne(deed.who.session.map_or(crate::core::fresh::NOBODY, |s| s.0)));
            deed.remove::<session::Entity>(others).await?;
            crate::people::door::void_links(&deed, deed.who.person).await?;
            Ok(deed.done(Entry::new(DeedKind::PasswordChanged, "")))
        })
        .await
    }
}
