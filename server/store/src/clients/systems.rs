//! Systems in which clients use their certificates, and the conditions of the routes: both are the office's data.

use crate::Result;
use crate::core::admitted::ScopedStore;
use crate::core::deed::Permitted;
use crate::core::entity::{client_system, route_rule, system, task_step};
use crate::core::fresh;
use crate::core::whoever::exists;
use crate::core::whoever::find_whoever_asks;
use domain::access::Action;
use domain::audit::{DeedKind, Entry};
use domain::client::System;
use domain::id::{ClientId, SystemId, TaskId};
use domain::refusal::{Refusal, Rule};
use domain::route::{Condition, RouteRule};
use domain::task::Route;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use std::collections::BTreeSet;
use uuid::Uuid;

impl ScopedStore {
    /// The office's systems in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn systems(&self) -> Result<Vec<System>> {
        let rows = self
            .find::<system::Entity>(Action::See)
            .order_by_asc(system::Column::Place)
            .order_by_asc(system::Column::Id);
        Ok(rows.all(&self.rows).await?.into_iter().map(to_system).collect())
    }

    /// Those that a client uses.
    ///
    /// # Errors
    /// `NotFound` for a foreign client.
    pub async fn systems_of(&self, client: ClientId) -> Result<Vec<System>> {
        self.client(Action::See, client).await?;
        let own = Query::select()
            .column(client_system::Column::SystemId)
            .from(client_system::Entity)
            .and_where(client_system::Column::ClientId.eq(client.0))
            .to_owned();
        let rows = self.find::<system::Entity>(Action::See).filter(system::Column::Id.in_subquery(own));
        Ok(rows.order_by_asc(system::Column::Place).all(&self.rows).await?.into_iter().map(to_system).collect())
    }

    /// Writes which systems a client uses.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    pub async fn set_systems_of(&self, client: ClientId, systems: &[SystemId]) -> Result<()> {
        self.write(|deed| async move {
            let on = deed.client(Action::WorkTask, client).await?;
            let known: BTreeSet<Uuid> = deed.systems().await?.into_iter().filter_map(|s| s.id).map(|id| id.0).collect();
            let chosen: BTreeSet<Uuid> = systems.iter().map(|s| s.0).filter(|id| known.contains(id)).collect();
            let deed = on.permits();
            deed.remove::<client_system::Entity>(client_system::Column::ClientId.eq(client.0)).await?;
            deed.insert_all(chosen.into_iter().map(|id| link(client, id)).collect()).await?;
            Ok(deed.done(
                Entry::new(DeedKind::SystemsChanged, on.name.clone()).client(client).link(format!("/clients/{client}")),
            ))
        })
        .await
    }

    /// Writes a system of the office: a new one, or the one with its id.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Invalid` without a name.
    pub async fn set_system(&self, to: System) -> Result<()> {
        let to = &to;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;
            let about =
                to.name.iter().find(|n| !n.is_empty()).cloned().ok_or(Refusal::invalid("name_ru", Rule::Required))?;

            let [ru, kk, en] = to.name.clone();
            let row = system::ActiveModel {
                id: Set(to.id.map_or_else(fresh::id, |id| id.0)),
                place: Set(to.place),
                usual: Set(to.usual),
                name_ru: Set(ru),
                name_kk: Set(kk),
                name_en: Set(en),
            };
            match to.id {
                None => deed.insert(row).await?,
                Some(id) => {
                    if deed.run(deed.change::<system::Entity>(system::Column::Id.eq(id.0)).set(row)).await? == 0 {
                        return Err(Refusal::NotFound.into());
                    }
                }
            }
            Ok(deed.done(Entry::new(DeedKind::SystemsChanged, about).link("/office/systems")))
        })
        .await
    }

    /// Takes a system out, with its ticks at clients. Steps of tasks stay.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`.
    pub async fn remove_system(&self, id: SystemId) -> Result<()> {
        let id = &id;
        self.write(|deed| async move {
            let row = deed.held::<system::Entity>(Action::Settings, system::Column::Id.eq(id.0)).await?;
            let deed = row.permits();
            deed.remove::<client_system::Entity>(client_system::Column::SystemId.eq(id.0)).await?;
            deed.remove::<system::Entity>(system::Column::Id.eq(id.0)).await?;
            Ok(deed.done(Entry::new(DeedKind::SystemsChanged, format!("− {}", row.name_ru)).link("/office/systems")))
        })
        .await
    }
}

impl Permitted {
    /// Adds a step for each system of the task's clients: the new keys have come, now they have to arrive everywhere.
    pub(crate) async fn add_system_steps(&self, task: TaskId) -> Result<()> {
        if exists::<task_step::Entity>(
            &self.rows,
            task_step::Column::TaskId.eq(task.0).and(task_step::Column::System.eq(true)),
        )
        .await?
        {
            return Ok(());
        }
        let certificates: Vec<Uuid> = self.certificates_of_task(task).await?.into_iter().map(|c| c.id).collect();
        let clients: Vec<Uuid> =
            self.clients_of(&certificates).await?.into_values().flatten().map(|(id, _)| id.0).collect();
        let used = Query::select()
            .column(client_system::Column::SystemId)
            .from(client_system::Entity)
            .and_where(client_system::Column::ClientId.is_in(clients))
            .to_owned();
        let systems = self.find::<system::Entity>(Action::See).filter(system::Column::Id.in_subquery(used));
        let systems = systems.order_by_asc(system::Column::Place).all(&self.rows).await?;
        let last: Option<Option<i32>> = find_whoever_asks::<task_step::Entity>()
            .filter(task_step::Column::TaskId.eq(task.0))
            .select_only()
            .expr(Func::max(Expr::col(task_step::Column::Place)))
            .into_tuple()
            .one(&self.rows)
            .await?;
        let first = last.flatten().map_or(0, |last| last + 1);
        let step = |(place, s): (i32, system::Model)| task_step::ActiveModel {
            task_id: Set(task.0),
            place: Set(place),
            text_ru: Set(s.name_ru),
            text_kk: Set(s.name_kk),
            text_en: Set(s.name_en),
            done_by: Set(None),
            done_at: Set(None),
            system: Set(true),
            fact: Set(None),
        };
        self.insert_all((first..).zip(systems).map(step).collect()).await
    }
}

impl ScopedStore {
    /// Whether a system of a task still waits for its new certificate.
    pub(crate) async fn systems_wait(&self, task: TaskId) -> Result<bool> {
        let open = task_step::Column::TaskId.eq(task.0).and(task_step::Column::System.eq(true));
        exists::<task_step::Entity>(&self.rows, open.and(task_step::Column::DoneAt.is_null())).await
    }

    /// The routes with their conditions, in the order of the code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn route_rules(&self) -> Result<Vec<RouteRule>> {
        let rows = self.find::<route_rule::Entity>(Action::See).all(&self.rows).await?;
        let of = |route: &Route| {
            let row = rows.iter().find(|r| r.route == route.code());
            RouteRule {
                route: *route,
                conditions: row
                    .map(|r| r.conditions.split_whitespace().filter_map(Condition::parse).collect())
                    .unwrap_or_default(),
                link: row.map(|r| r.link.clone()).unwrap_or_default(),
            }
        };
        Ok(Route::ALL.iter().map(of).collect())
    }

    /// Writes what a route asks for.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub async fn set_route_rule(&self, to: RouteRule) -> Result<()> {
        let to = &to;
        self.write(|deed| async move {
            let deed = deed.require(Action::Settings)?;

            deed.remove::<route_rule::Entity>(route_rule::Column::Route.eq(to.route.code())).await?;
            deed.insert(route_rule::ActiveModel {
                route: Set(to.route.code().into()),
                conditions: Set(crate::core::convert::codes(to.conditions.iter().map(|c| c.code()))),
                link: Set(to.link.clone()),
            })
            .await?;
            Ok(deed.done(Entry::new(DeedKind::RoutesChanged, to.route.code()).link("/office/routes")))
        })
        .await
    }
}

/// The usual systems of a new client.
pub async fn add_usual(deed: &Permitted, client: ClientId) -> Result<()> {
    deed.insert_all(usual(deed).await?.into_iter().map(|s| link(client, s)).collect()).await
}

/// Systems that new clients have.
pub async fn usual(deed: &Permitted) -> Result<Vec<Uuid>> {
    let rows = find_whoever_asks::<system::Entity>().filter(system::Column::Usual.eq(true)).all(&deed.rows).await?;
    Ok(rows.into_iter().map(|s| s.id).collect())
}

pub fn link(client: ClientId, system: Uuid) -> client_system::ActiveModel {
    client_system::ActiveModel { client_id: Set(client.0), system_id: Set(system) }
}

fn to_system(row: system::Model) -> System {
    System {
        id: Some(SystemId(row.id)),
        place: row.place,
        usual: row.usual,
        name: [row.name_ru, row.name_kk, row.name_en],
    }
}
