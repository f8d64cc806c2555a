//! Whom a row belongs to, as conditions in SQL: of a client, a certificate or a task within the person's reach.

use crate::core::admitted::Admitted;
use crate::core::entity::{assignment, certificate_client, client, person, task_certificate};
use domain::access::{Action, Reach, capped_by_observing, writes};
use domain::person::Part;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, IntoSimpleExpr as _};

/// Condition that a column of client ids lies within the person's reach.
pub fn within(column: SimpleExpr, who: &Admitted, action: Action) -> Condition {
    let reach = who.reach(action);
    if reach == Reach::Nothing {
        return nothing();
    }
    let mine = |parts: Parts| {
        assigned(who, parts, Expr::col((assignment::Entity, assignment::Column::PersonId)).eq(who.person.0))
    };
    let mut all = Condition::all();
    if capped_by_observing(action) {
        let capped = Condition::any()
            .add(column.clone().not_in_subquery(mine(Parts::Observing)))
            .add(column.clone().in_subquery(mine(Parts::Working)));
        all = all.add(capped);
    }
    if reach == Reach::Everything {
        return all;
    }
    let parts = if writes(action) { Parts::Working } else { Parts::Any };
    // One set of clients, not one condition OR another: so an index on the client serves the query.
    let mut clients = mine(parts);
    if let (Reach::Team, Some(team)) = (reach, who.team) {
        let own = Query::select()
            .column(client::Column::Id)
            .from(client::Entity)
            .and_where(client::Column::TeamId.eq(team.0))
            .to_owned();
        let members = Query::select()
            .column(person::Column::Id)
            .from(person::Entity)
            .and_where(person::Column::TeamId.eq(team.0))
            .to_owned();
        let by_members =
            assigned(who, parts, Expr::col((assignment::Entity, assignment::Column::PersonId)).in_subquery(members));
        clients.union(UnionType::Distinct, own).union(UnionType::Distinct, by_members);
    }
    all.add(column.in_subquery(clients))
}

#[derive(Clone, Copy)]
enum Parts {
    Working,
    Observing,
    Any,
}

/// Clients on which somebody is assigned today.
fn assigned(who: &Admitted, parts: Parts, whom: SimpleExpr) -> SelectStatement {
    let day = who.today.day;
    let mut query = Query::select();
    query
        .column(assignment::Column::ClientId)
        .from(assignment::Entity)
        .and_where(whom)
        .and_where(assignment::Column::FromDay.lte(day))
        .cond_where(
            Condition::any().add(assignment::Column::UntilDay.is_null()).add(assignment::Column::UntilDay.gte(day)),
        );
    match parts {
        Parts::Working => query.and_where(assignment::Column::Part.ne(Part::Observer.code())),
        Parts::Observing => query.and_where(assignment::Column::Part.eq(Part::Observer.code())),
        Parts::Any => &mut query,
    };
    query.to_owned()
}

/// Certificates of clients within reach.
pub(super) fn certificates_within(who: &Admitted, action: Action) -> SelectStatement {
    Query::select()
        .column(certificate_client::Column::CertificateId)
        .from(certificate_client::Entity)
        .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), who, action))
        .to_owned()
}

/// A column that is compared and serves no index: by both columns of a key at once, SQLite would look up each certificate
/// with each of the clients.
pub(super) fn compared(column: impl ColumnTrait) -> SimpleExpr {
    without_index(column.into_simple_expr())
}

fn without_index(column: SimpleExpr) -> SimpleExpr {
    Func::coalesce([column.clone(), column]).into()
}

/// Whether an action is open on every client, without exception.
pub fn everywhere(who: &Admitted, action: Action) -> bool {
    who.reach(action) == Reach::Everything && !capped_by_observing(action)
}

/// Rows whose certificate lies within reach; asked of each row, which other conditions have narrowed down.
pub(super) fn of_certificate_within(column: impl ColumnTrait, who: &Admitted, action: Action) -> Condition {
    if everywhere(who, action) {
        return Condition::all();
    }
    let link = Alias::new("of_row");
    let of_row = Query::select()
        .expr(Expr::val(1))
        .from_as(certificate_client::Entity, link.clone())
        .and_where(Expr::col((link.clone(), certificate_client::Column::CertificateId)).eq(column.into_simple_expr()))
        .cond_where(within(without_index(Expr::col((link, certificate_client::Column::ClientId))), who, action))
        .to_owned();
    Condition::all().add(Expr::exists(of_row))
}

/// Rows of tasks within reach.
pub(super) fn of_task_within(column: impl ColumnTrait, who: &Admitted, action: Action) -> Condition {
    if everywhere(who, action) {
        Condition::all()
    } else {
        Condition::all().add(column.in_subquery(tasks_within(who, action)))
    }
}

fn tasks_within(who: &Admitted, action: Action) -> SelectStatement {
    Query::select()
        .column(task_certificate::Column::TaskId)
        .from(task_certificate::Entity)
        .and_where(task_certificate::Column::CertificateId.in_subquery(certificates_within(who, action)))
        .to_owned()
}

pub(super) fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

pub(super) fn by_role(who: &Admitted, action: Action) -> Condition {
    if who.reach(action) == Reach::Nothing { nothing() } else { Condition::all() }
}
