//! What one was told, and what became of the rungs of a certificate.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::convert::{certificate_row, instant};
use crate::core::entity::{certificate, delivery, delivery_notice, notice, put_off, rung};
use crate::core::whoever::find_whoever_asks;
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::delivery::DeliveryState;
use domain::id::{CertificateId, NoticeId};
use domain::ladder::{RungState, Silence};
use domain::refusal::Refusal;
use domain::reminder::{Notice, NoticeKind, PutOff, Reminders, RungRow, Told};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Notices that are shown, the last first.
const LINES: u64 = 200;

impl ScopedStore {
    /// How many notices the person has not read, of what they may still see.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unread(&self) -> Result<u64> {
        let key = format!("unread {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        let ask = async {
            let mine = self.find::<notice::Entity>(Action::See).filter(notice::Column::Seen.is_null());
            Ok(mine.count(&self.rows).await?)
        };
        Ok(*self.remembered(key, ask).await?)
    }

    /// What the person was told, the last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices(&self) -> Result<Arc<Vec<Notice>>> {
        let key = format!("notices {} {:?} {}", self.who.person, self.who.team, self.who.today.day);
        self.remembered(key, self.ask_notices()).await
    }

    async fn ask_notices(&self) -> Result<Vec<Notice>> {
        let rows = self.find::<notice::Entity>(Action::See).order_by_desc(notice::Column::Id).limit(LINES);
        self.notice_lines(rows.all(&self.rows).await?).await
    }

    /// Those of one's notices that satisfy a condition, the last first, so many at most.
    pub(crate) async fn some_notices(&self, which: SimpleExpr, lines: u64) -> Result<Vec<Notice>> {
        let rows =
            self.find::<notice::Entity>(Action::See).filter(which).order_by_desc(notice::Column::Id).limit(lines);
        self.notice_lines(rows.all(&self.rows).await?).await
    }

    async fn notice_lines(&self, rows: Vec<notice::Model>) -> Result<Vec<Notice>> {
        let of = certificate::Column::Id.is_in(rows.iter().map(|n| n.certificate_id));
        let of = self.find::<certificate::Entity>(Action::See).filter(of).all(&self.rows).await?;
        let of = self.with_clients_and_tasks(of.iter().map(certificate_row).collect()).await?;
        let of: HashMap<CertificateId, _> = of.into_iter().map(|row| (row.id, row)).collect();
        let line = |n: notice::Model| {
            Some(Notice {
                id: NoticeId(n.id),
                kind: NoticeKind::parse(&n.kind)?,
                certificate: of.get(&CertificateId(n.certificate_id))?.clone(),
                left: i64::from(n.left),
                late: i64::from(n.late),
                again: Silence::parse(&n.again),
                instead: n.instead,
                escalated: n.escalated,
                at: instant(n.at),
                seen: n.seen.map(instant),
            })
        };
        Ok(rows.into_iter().filter_map(line).collect())
    }

    /// Says that one has read these of one's notices.
    ///
    /// # Errors
    /// `NotFound` where one of them is somebody else's or of what one may not see.
    pub async fn notices_read(&self, ids: &[NoticeId]) -> Result<()> {
        self.write(|deed| async move {
            let these = || notice::Column::Id.is_in(ids.iter().map(|id| id.0));
            let mine = deed.find::<notice::Entity>(Action::See).filter(these()).all(&deed.rows).await?;
            if ids.iter().any(|id| !mine.iter().any(|n| n.id == id.0)) {
                return Err(Refusal::NotFound.into());
            }
            let deed = deed.own()?;
            let unread = deed.change::<notice::Entity>(these()).filter(notice::Column::Seen.is_null());
            let met = deed.run(unread.col_expr(notice::Column::Seen, Expr::value(deed.now_ms()))).await?;
            Ok(if met == 0 { deed.nothing() } else { deed.unrecorded() })
        })
        .await
    }

    /// What became of each rung of a certificate, who was told, and what is put off.
    ///
    /// # Errors
    /// `NotFound` for a foreign certificate.
    pub async fn reminders(&self, id: CertificateId) -> Result<Reminders> {
        self.one::<certificate::Entity>(Action::See, certificate::Column::Id.eq(id.0)).await?;
        let of = rung::Column::CertificateId.eq(id.0);
        let rungs = self.find::<rung::Entity>(Action::See).filter(of).order_by_desc(rung::Column::Days);
        let rungs = rungs.all(&self.rows).await?;
        // Whoever sees the certificate sees who was told of it.
        let told = find_whoever_asks::<notice::Entity>()
            .filter(notice::Column::CertificateId.eq(id.0))
            .filter(notice::Column::Kind.eq(NoticeKind::End.code()));
        let told = told.order_by_asc(notice::Column::Id).all(&self.rows).await?;
        let mailed = self.mailed(&told).await?;
        let names: HashMap<Uuid, String> = self.people().await?.iter().map(|p| (p.id.0, p.name.clone())).collect();
        let name = |person: Uuid| names.get(&person).cloned().unwrap_or_default();
        let of_rung = |days: i32| {
            let line = |n: &notice::Model| Told {
                name: name(n.person_id),
                seen: n.seen.map(instant),
                mail: mailed.get(&n.id).copied(),
            };
            told.iter().filter(|n| n.days == days).map(line).collect()
        };
        let row = |r: rung::Model| {
            Some(RungRow {
                days: i64::from(r.days),
                state: RungState::parse(&r.state)?,
                why: Silence::parse(&r.why),
                at: instant(r.at),
                told: of_rung(r.days),
            })
        };
        let off = put_off::Column::CertificateId.eq(id.0);
        let off = self.find::<put_off::Entity>(Action::See).filter(off).one(&self.rows).await?;
        let off = off.filter(|off| off.until >= self.who.today.day);
        let (ladder, ladder_of) = self.ladder_of_seen(id).await?;
        Ok(Reminders {
            ladder,
            ladder_of,
            rungs: rungs.into_iter().filter_map(row).collect(),
            put_off: off.map(|off| PutOff { until: off.until, why: off.why, by: name(off.person_id) }),
        })
    }

    /// How far the messages are that tell these notices; of several for one notice the last that was sent, else the last.
    async fn mailed(&self, of: &[notice::Model]) -> Result<HashMap<Uuid, (DeliveryState, DateTime<Utc>)>> {
        if of.is_empty() {
            return Ok(HashMap::new());
        }
        let links = find_whoever_asks::<delivery_notice::Entity>()
            .filter(delivery_notice::Column::NoticeId.is_in(of.iter().map(|n| n.id)))
            .all(&self.rows)
            .await?;
        let these = delivery::Column::Id.is_in(links.iter().map(|link| link.delivery_id));
        let rows = find_whoever_asks::<delivery::Entity>().filter(these).order_by_asc(delivery::Column::Id);
        let rows = rows.all(&self.rows).await?;
        let mut out = HashMap::new();
        for row in rows {
            let Some(state) = DeliveryState::parse(&row.state) else { continue };
            for link in links.iter().filter(|link| link.delivery_id == row.id) {
                let known = out.get(&link.notice_id);
                if known.is_none_or(|(before, _)| *before != DeliveryState::Sent || state == DeliveryState::Sent) {
                    out.insert(link.notice_id, (state, instant(row.ended.unwrap_or(row.run_at))));
                }
            }
        }
        Ok(out)
    }
}
