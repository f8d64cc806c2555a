//! Whom a row belongs to, as conditions in SQL: of a client, a certificate or a task within the person's reach.

use crate::core::admitted::Admitted;
use crate::core::entity::{assignment, certificate_client, client, person, task_certificate};
use domain::access::{Action, Reach, capped_by_observing, writes};
use domain::id::TeamId;
use domain::person::Part;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, IntoSimpleExpr as _};

/// How many rows a rule is asked of. The answer is the same; what it costs is not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Of a whole table: the set of clients within reach chooses its rows.
    Rows,
    /// Of one row, by its key: the set is not gathered, so that a foreign row takes no longer than a missing one.
    Row,
}

/// A query for client ids, and the column that gives them.
type Clients = (SelectStatement, SimpleExpr);

/// Condition that a column of client ids lies within the person's reach.
pub fn within(column: SimpleExpr, who: &Admitted, action: Action) -> Condition {
    client_within(column, who, action, Asked::Rows)
}

pub(super) fn client_within(column: SimpleExpr, who: &Admitted, action: Action, asked: Asked) -> Condition {
    let reach = who.reach(action);
    if reach == Reach::Nothing {
        return nothing();
    }
    let mine = |parts: Parts| assigned(who, parts, assigned_to().eq(who.person.0));
    let mut all = Condition::all();
    if capped_by_observing(action) {
        let capped = Condition::any().add(among(&column, vec![mine(Parts::Observing)], asked).not()).add(among(
            &column,
            vec![mine(Parts::Working)],
            asked,
        ));
        all = all.add(capped);
    }
    if reach == Reach::Everything {
        return all;
    }
    let parts = if writes(action) { Parts::Working } else { Parts::Any };
    let mut clients = vec![mine(parts)];
    if let (Reach::Team, Some(team)) = (reach, who.team) {
        let members = Query::select()
            .column(person::Column::Id)
            .from(person::Entity)
            .and_where(person::Column::TeamId.eq(team.0))
            .to_owned();
        clients.push(of_team(team));
        clients.push(assigned(who, parts, assigned_to().in_subquery(members)));
    }
    all.add(among(&column, clients, asked))
}

/// Whether a client is one of these.
fn among(column: &SimpleExpr, clients: Vec<Clients>, asked: Asked) -> SimpleExpr {
    let mut clients = clients.into_iter();
    match asked {
        // One set of clients, not one condition OR another: so an index on the client serves the query.
        Asked::Rows => match clients.next() {
            Some((mut first, _)) => {
                for (more, _) in clients {
                    first.union(UnionType::Distinct, more);
                }
                column.clone().in_subquery(first)
            }
            None => Expr::val(1).eq(0),
        },
        Asked::Row => clients.fold(Expr::val(1).eq(0), |any, (mut query, client)| {
            any.or(Expr::exists(query.and_where(client.eq(column.clone())).to_owned()))
        }),
    }
}

#[derive(Clone, Copy)]
enum Parts {
    Working,
    Observing,
    Any,
}

/// Names of the inner tables: the rule may be asked of these tables themselves.
const GIVEN: &str = "given";
const OF_TEAM: &str = "of_team";

fn given(column: assignment::Column) -> SimpleExpr {
    Expr::col((Alias::new(GIVEN), column))
}

fn assigned_to() -> SimpleExpr {
    given(assignment::Column::PersonId)
}

/// Clients on which somebody is assigned today.
fn assigned(who: &Admitted, parts: Parts, whom: SimpleExpr) -> Clients {
    let (day, until) = (who.today.day, given(assignment::Column::UntilDay));
    let mut query = Query::select();
    query
        .expr(given(assignment::Column::ClientId))
        .from_as(assignment::Entity, Alias::new(GIVEN))
        .and_where(whom)
        .and_where(given(assignment::Column::FromDay).lte(day))
        .cond_where(Condition::any().add(until.clone().is_null()).add(until.gte(day)));
    let part = given(assignment::Column::Part);
    match parts {
        Parts::Working => query.and_where(part.ne(Part::Observer.code())),
        Parts::Observing => query.and_where(part.eq(Part::Observer.code())),
        Parts::Any => &mut query,
    };
    (query.to_owned(), given(assignment::Column::ClientId))
}

/// Clients of a team.
fn of_team(team: TeamId) -> Clients {
    let own = |column: client::Column| Expr::col((Alias::new(OF_TEAM), column));
    let query = Query::select()
        .expr(own(client::Column::Id))
        .from_as(client::Entity, Alias::new(OF_TEAM))
        .and_where(own(client::Column::TeamId).eq(team.0))
        .to_owned();
    (query, own(client::Column::Id))
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

/// Rows whose certificate lies within reach; looked at for each row, which other conditions have narrowed down.
pub(super) fn of_certificate_within(
    column: impl ColumnTrait,
    who: &Admitted,
    action: Action,
    asked: Asked,
) -> Condition {
    linked_within(column.into_simple_expr(), who, action, asked)
}

fn linked_within(certificate: SimpleExpr, who: &Admitted, action: Action, asked: Asked) -> Condition {
    if everywhere(who, action) {
        return Condition::all();
    }
    let link = Alias::new("of_row");
    let of_row = Query::select()
        .expr(Expr::val(1))
        .from_as(certificate_client::Entity, link.clone())
        .and_where(Expr::col((link.clone(), certificate_client::Column::CertificateId)).eq(certificate))
        .cond_where(client_within(
            without_index(Expr::col((link, certificate_client::Column::ClientId))),
            who,
            action,
            asked,
        ))
        .to_owned();
    Condition::all().add(Expr::exists(of_row))
}

/// Certificates within reach.
pub(super) fn certificate_within(column: impl ColumnTrait, who: &Admitted, action: Action, asked: Asked) -> Condition {
    if asked == Asked::Row || everywhere(who, action) {
        return of_certificate_within(column, who, action, asked);
    }
    Condition::all().add(column.in_subquery(certificates_within(who, action)))
}

/// Rows of tasks within reach.
pub(super) fn of_task_within(column: impl ColumnTrait, who: &Admitted, action: Action, asked: Asked) -> Condition {
    if everywhere(who, action) {
        return Condition::all();
    }
    if asked == Asked::Rows {
        return Condition::all().add(column.in_subquery(tasks_within(who, action)));
    }
    let of_task = Alias::new("of_task");
    let certificate = Expr::col((of_task.clone(), task_certificate::Column::CertificateId));
    let of_row = Query::select()
        .expr(Expr::val(1))
        .from_as(task_certificate::Entity, of_task.clone())
        .and_where(Expr::col((of_task, task_certificate::Column::TaskId)).eq(column.into_simple_expr()))
        .cond_where(linked_within(certificate, who, action, asked))
        .to_owned();
    Condition::all().add(Expr::exists(of_row))
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
