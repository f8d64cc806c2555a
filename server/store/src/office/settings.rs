//! The office's settings: name, zone, language, days off, known authorities.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::entity::{authority, day_off, office};
use crate::core::fresh;
use chrono::NaiveDate;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::day::DaysOff;
use domain::office::{Authority, Office};
use domain::refusal::{Refusal, Rule};
use sea_orm::sea_query::Expr;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::sync::Arc;

impl ScopedStore {
    /// Days without work besides weekends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn days_off(&self) -> Result<Arc<DaysOff>> {
        let ask = async {
            let rows = self.find::<day_off::Entity>(Action::See).all(&self.rows).await?;
            Ok(DaysOff(rows.into_iter().map(|d| (d.day, [d.name_ru, d.name_kk, d.name_en])).collect()))
        };
        self.remembered("days off".into(), ask).await
    }

    /// Enters a day off, or renames it.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid` without a name.
    pub async fn set_day_off(&self, day: NaiveDate, name: [String; 3]) -> Result<()> {
        let name = &name;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let Some(any) = name.iter().find(|n| !n.is_empty()).cloned() else {
                return Err(Refusal::invalid("name_ru", Rule::Required).into());
            };
            let [ru, kk, en] = name;

            deed.remove::<day_off::Entity>(day_off::Column::Day.eq(day)).await?;
            deed.insert(day_off::ActiveModel {
                day: Set(day),
                name_ru: Set(ru.clone()),
                name_kk: Set(kk.clone()),
                name_en: Set(en.clone()),
            })
            .await?;
            crate::calendar::filings::write_days(&deed).await?;
            Ok(deed.done(Entry::new(DeedKind::DaysOffChanged, format!("+ {day} {any}")).link("/office/days")))
        })
        .await
    }

    /// Takes a day off out.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn remove_day_off(&self, day: NaiveDate) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;

            if deed.remove::<day_off::Entity>(day_off::Column::Day.eq(day)).await? == 0 {
                return Err(Refusal::NotFound.into());
            }
            crate::calendar::filings::write_days(&deed).await?;
            Ok(deed.done(Entry::new(DeedKind::DaysOffChanged, format!("− {day}")).link("/office/days")))
        })
        .await
    }

    /// Name, time zone and language of the office as they stand.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn office_settings(&self) -> Result<Office> {
        self.require(Action::Settings)?;
        Ok(self.store.office().await?.ok_or(Refusal::NotFound)?)
    }

    /// Changes the office's settings.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn set_office(&self, to: Office) -> Result<()> {
        let to = &to;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;

            let change = deed
                .change::<office::Entity>(office::Column::Id.eq(1))
                .col_expr(office::Column::Name, Expr::value(to.name.clone()))
                .col_expr(office::Column::Zone, Expr::value(to.zone.clone()))
                .col_expr(office::Column::Lang, Expr::value(to.lang.code()));
            deed.run_one(change).await?;
            Ok(deed.done(Entry::new(DeedKind::OfficeChanged, to.name.clone())))
        })
        .await
    }

    /// Known authorities by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn authorities(&self) -> Result<Vec<Authority>> {
        let rows = self.authority_rows().await?;
        Ok(rows
            .into_iter()
            .map(|a| Authority { common_name: a.common_name, has_certificate: a.der.is_some() })
            .collect())
    }

    pub(crate) async fn authority_rows(&self) -> Result<Vec<authority::Model>> {
        Ok(self
            .find::<authority::Entity>(Action::See)
            .order_by_asc(authority::Column::CommonName)
            .all(&self.rows)
            .await?)
    }

    /// Certificates of known authorities, in DER, with their common names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn authority_certificates(&self) -> Result<Vec<(String, Vec<u8>)>> {
        Ok(self.authority_rows().await?.into_iter().filter_map(|a| a.der.map(|der| (a.common_name, der))).collect())
    }

    /// Adds an authority with its own certificate.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners.
    pub async fn add_authority(&self, common_name: String, der: Vec<u8>) -> Result<()> {
        let (common_name, der) = (&common_name, &der);
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;

            let same = authority::Column::CommonName
                .eq(common_name.as_str())
                .and(authority::Column::Der.is_null().or(authority::Column::Der.eq(der.clone())));
            deed.remove::<authority::Entity>(same).await?;
            deed.insert(authority::ActiveModel {
                id: Set(fresh::id()),
                common_name: Set(common_name.clone()),
                der: Set(Some(der.clone())),
            })
            .await?;
            Ok(deed.done(Entry::new(DeedKind::AuthorityAdded, common_name)))
        })
        .await
    }

    /// Removes an authority by its name; what it silenced stays silent.
    ///
    /// # Errors
    /// `NotAllowed` for others than owners, `NotFound` for an unknown name.
    pub async fn remove_authority(&self, common_name: &str) -> Result<()> {
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let known = deed
                .find::<authority::Entity>(Action::See)
                .filter(authority::Column::CommonName.eq(common_name))
                .one(&deed.rows)
                .await?;
            let known = known.ok_or(Refusal::NotFound)?;

            deed.remove::<authority::Entity>(authority::Column::CommonName.eq(known.common_name.as_str())).await?;
            Ok(deed.done(Entry::new(DeedKind::AuthorityRemoved, known.common_name)))
        })
        .await
    }
}
