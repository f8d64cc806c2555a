//! The one file where a query starts: it adds what the person may see.

use crate::core::admitted::{Admitted, ScopedStore};
use crate::core::entity::{
    assignment, audit, authority, certificate, certificate_client, certificate_file, client, client_filing,
    client_system, crl, custody, day_off, draft, draft_item, filing, good_answer, ground, import_made, list_source,
    person, revocation, route_rule, saved_view, session, sheet_draft, step_template, system, task, task_certificate,
    task_event, task_step, team, undo,
};
use crate::core::fresh::NOBODY;
use crate::{Error, Result};
use domain::access::{Action, Reach, capped_by_observing, writes};
use domain::id::{CertificateId, ClientId, TaskId};
use domain::person::Part;
use domain::refusal::Refusal;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoSimpleExpr as _, QueryFilter as _, Select,
};

/// An entity with a rule of who may see its rows. One without a rule cannot be asked for.
pub trait Guarded: EntityTrait {
    /// The condition that a row must satisfy for this person and action.
    fn scope(who: &Admitted, action: Action) -> Condition;
}

impl ScopedStore {
    /// A query that sees only what the action is open for.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    pub(crate) fn find<E: Guarded>(&self, action: Action) -> Select<E> {
        E::find().filter(E::scope(&self.who, action))
    }

    /// The rows of a statement whose inner queries began here.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    pub(crate) async fn rows_of<M: FromQueryResult>(&self, statement: &SelectStatement) -> Result<Vec<M>> {
        Ok(M::find_by_statement(self.rows.get_database_backend().build(statement)).all(&self.rows).await?)
    }

    /// Links of certificates that are named. Their clients are only compared: by both columns of the key at once,
    /// SQLite would look up each of the certificates with each of the clients.
    #[expect(clippy::disallowed_methods, reason = "queries start here")]
    pub(crate) fn links_of_named(&self, action: Action) -> Select<certificate_client::Entity> {
        certificate_client::Entity::find().filter(within(
            compared(certificate_client::Column::ClientId),
            &self.who,
            action,
        ))
    }

    /// The client, if it may be seen; refused as "another role" where the action is not open on it.
    pub(crate) async fn client(&self, action: Action, id: ClientId) -> Result<client::Model> {
        self.one::<client::Entity>(action, client::Column::Id.eq(id.0)).await
    }

    /// The certificate, by the same rule.
    pub(crate) async fn certificate(&self, action: Action, id: CertificateId) -> Result<certificate::Model> {
        self.one::<certificate::Entity>(action, certificate::Column::Id.eq(id.0)).await
    }

    /// The task, by the same rule.
    pub(crate) async fn task(&self, action: Action, id: TaskId) -> Result<task::Model> {
        self.one::<task::Entity>(action, task::Column::Id.eq(id.0)).await
    }

    /// One row: a foreign one is not found, a visible one on which the action is closed is not allowed.
    pub(crate) async fn one<E: Guarded>(&self, action: Action, which: SimpleExpr) -> Result<E::Model> {
        let db = &self.rows;
        let seen = self.find::<E>(Action::See).filter(which.clone()).one(db).await?.ok_or(Refusal::NotFound)?;
        if writes(action) && self.find::<E>(action).filter(which).one(db).await?.is_none() {
            return Err(Refusal::NotAllowed.into());
        }
        Ok(seen)
    }

    /// Refuses where an action that is not about one client is closed for the role.
    pub(crate) fn require(&self, action: Action) -> Result<()> {
        if self.who.reach(action) == Reach::Nothing { Err(Error::Refused(Refusal::NotAllowed)) } else { Ok(()) }
    }
}

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
pub fn certificates_within(who: &Admitted, action: Action) -> SelectStatement {
    Query::select()
        .column(certificate_client::Column::CertificateId)
        .from(certificate_client::Entity)
        .cond_where(within(certificate_client::Column::ClientId.into_simple_expr(), who, action))
        .to_owned()
}

/// A column that is compared and serves no index.
fn compared(column: impl sea_orm::ColumnTrait) -> SimpleExpr {
    Func::coalesce([column.into_simple_expr(), column.into_simple_expr()]).into()
}

/// Whether an action is open on every client, without exception.
fn everywhere(who: &Admitted, action: Action) -> bool {
    who.reach(action) == Reach::Everything && !capped_by_observing(action)
}

/// Rows whose certificate lies within reach; asked of each row, which other conditions have narrowed down.
fn of_certificate_within(column: impl sea_orm::ColumnTrait, who: &Admitted, action: Action) -> Condition {
    if everywhere(who, action) {
        return Condition::all();
    }
    let link = Alias::new("of_row");
    let of_row = Query::select()
        .expr(Expr::val(1))
        .from_as(certificate_client::Entity, link.clone())
        .and_where(Expr::col((link.clone(), certificate_client::Column::CertificateId)).eq(column.into_simple_expr()))
        .cond_where(within(Expr::col((link, certificate_client::Column::ClientId)), who, action))
        .to_owned();
    Condition::all().add(Expr::exists(of_row))
}

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

fn by_role(who: &Admitted, action: Action) -> Condition {
    if who.reach(action) == Reach::Nothing { nothing() } else { Condition::all() }
}

impl Guarded for client::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(client::Column::Id.into_simple_expr(), who, action)
    }
}

impl Guarded for assignment::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(assignment::Column::ClientId.into_simple_expr(), who, action)
    }
}

impl Guarded for client_filing::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(client_filing::Column::ClientId.into_simple_expr(), who, action)
    }
}

impl Guarded for ground::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(ground::Column::ClientId.into_simple_expr(), who, action)
    }
}

impl Guarded for custody::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(custody::Column::ClientId.into_simple_expr(), who, action)
    }
}

impl Guarded for client_system::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(client_system::Column::ClientId.into_simple_expr(), who, action)
    }
}

/// Lists are public; what they prove of a certificate is for whoever may see it.
impl Guarded for crl::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for list_source::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for revocation::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_certificate_within(revocation::Column::CertificateId, who, action)
    }
}

impl Guarded for good_answer::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_certificate_within(good_answer::Column::CertificateId, who, action)
    }
}

impl Guarded for system::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for route_rule::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for certificate_client::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        within(certificate_client::Column::ClientId.into_simple_expr(), who, action)
    }
}

impl Guarded for certificate::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        if everywhere(who, action) {
            return Condition::all();
        }
        Condition::all().add(certificate::Column::Id.in_subquery(certificates_within(who, action)))
    }
}

impl Guarded for certificate_file::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_certificate_within(certificate_file::Column::CertificateId, who, action)
    }
}

impl Guarded for task_certificate::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_certificate_within(task_certificate::Column::CertificateId, who, action)
    }
}

/// Rows of tasks within reach.
fn of_task_within(column: impl sea_orm::ColumnTrait, who: &Admitted, action: Action) -> Condition {
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

impl Guarded for task::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_task_within(task::Column::Id, who, action)
    }
}

impl Guarded for task_event::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_task_within(task_event::Column::TaskId, who, action)
    }
}

impl Guarded for task_step::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        of_task_within(task_step::Column::TaskId, who, action)
    }
}

/// The checklists of the office are known to everybody who is signed in.
impl Guarded for step_template::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

/// One's own views, and those that one's team or the whole office shares; an owner changes any of these.
impl Guarded for saved_view::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        let own = saved_view::Column::PersonId.eq(who.person.0);
        if writes(action) && who.reach(Action::Settings) == Reach::Nothing {
            return Condition::all().add(own);
        }
        let ours =
            saved_view::Column::TeamId.is_null().or(saved_view::Column::TeamId.eq(who.team.map_or(NOBODY, |t| t.0)));
        Condition::any().add(own).add(saved_view::Column::Shared.eq(true).and(ours))
    }
}

/// What can be taken back is its maker's alone.
impl Guarded for undo::Entity {
    fn scope(who: &Admitted, _: Action) -> Condition {
        Condition::all().add(undo::Column::PersonId.eq(who.person.0))
    }
}

impl Guarded for audit::Entity {
    fn scope(who: &Admitted, _: Action) -> Condition {
        match who.reach(Action::ReadAudit) {
            Reach::Nothing => nothing(),
            Reach::Everything => Condition::all(),
            Reach::Assigned | Reach::Team => within(audit::Column::ClientId.into_simple_expr(), who, Action::ReadAudit),
        }
    }
}

fn own_drafts(who: &Admitted) -> SelectStatement {
    let own = draft::Column::PersonId.eq(who.person.0);
    Query::select().column(draft::Column::Id).from(draft::Entity).and_where(own).to_owned()
}

/// A draft is its maker's alone.
impl Guarded for draft::Entity {
    fn scope(who: &Admitted, _: Action) -> Condition {
        Condition::all().add(draft::Column::PersonId.eq(who.person.0))
    }
}

/// An import is undone by whoever made it.
impl Guarded for import_made::Entity {
    fn scope(who: &Admitted, _: Action) -> Condition {
        Condition::all().add(import_made::Column::PersonId.eq(who.person.0))
    }
}

impl Guarded for draft_item::Entity {
    fn scope(who: &Admitted, _: Action) -> Condition {
        Condition::all().add(draft_item::Column::DraftId.in_subquery(own_drafts(who)))
    }
}

impl Guarded for sheet_draft::Entity {
    fn scope(who: &Admitted, _: Action) -> Condition {
        Condition::all().add(sheet_draft::Column::DraftId.in_subquery(own_drafts(who)))
    }
}

/// Names of colleagues are known to everybody who is signed in.
impl Guarded for person::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for team::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

/// One's own sessions; whoever manages staff ends those of others.
impl Guarded for session::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        if action == Action::ManageStaff {
            by_role(who, action)
        } else {
            Condition::all().add(session::Column::PersonId.eq(who.person.0))
        }
    }
}

impl Guarded for authority::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for filing::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}

impl Guarded for day_off::Entity {
    fn scope(who: &Admitted, action: Action) -> Condition {
        by_role(who, action)
    }
}
