//! Which rule guards each table: each is named once here. One that is not cannot be asked for.

use crate::core::admitted::Admitted;
use crate::core::entity::{
    assignment, attachment, audit, authority, certificate, certificate_client, certificate_file, certificate_ladder,
    client, client_filing, client_ladder, client_system, crl, custody, day_off, delivery, draft, draft_item, feed,
    filing, good_answer, ground, import_made, job, list_source, mail_server, mail_wish, mention, notice, owner_letter,
    person, put_off, revocation, route_rule, rung, saved_view, session, sheet_draft, step_template, system, task,
    task_certificate, task_event, task_step, team, undo,
};
use crate::core::fresh::NOBODY;
use crate::core::reach::{
    Asked, by_role, certificate_within, client_within, nothing, of_certificate_within, of_task_within, within,
};
use crate::core::scope::Guarded;
use domain::access::{Action, Reach, writes};
use sea_orm::sea_query::{Condition, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, IntoSimpleExpr as _};

/// Tables under a rule; for each the column that the rule looks at.
macro_rules! guarded {
    (by $rule:path: $($table:ident.$column:ident),+ $(,)?) => {$(
        impl Guarded for $table::Entity {
            fn scope(who: &Admitted, action: Action, asked: Asked) -> Condition {
                $rule($table::Column::$column, who, action, asked)
            }
        }
    )+};
}

/// Tables that everybody who is signed in may read.
macro_rules! of_the_office {
    ($($table:ident),+ $(,)?) => {$(
        impl Guarded for $table::Entity {
            fn scope(who: &Admitted, action: Action, _: Asked) -> Condition {
                by_role(who, action)
            }
        }
    )+};
}

// Lists of revocation are public; what they prove of a certificate is for whoever may see it.
of_the_office!(authority, crl, day_off, filing, list_source, person, route_rule, step_template, system, team);

guarded!(by of_client_within:
    assignment.ClientId,
    attachment.ClientId,
    certificate_client.ClientId,
    client.Id,
    client_filing.ClientId,
    client_ladder.ClientId,
    client_system.ClientId,
    custody.ClientId,
    ground.ClientId,
);

guarded!(by of_certificate_within:
    certificate_file.CertificateId,
    certificate_ladder.CertificateId,
    good_answer.CertificateId,
    put_off.CertificateId,
    revocation.CertificateId,
    rung.CertificateId,
    task_certificate.CertificateId,
);

guarded!(by certificate_within: certificate.Id);

guarded!(by of_task_within: owner_letter.TaskId, task.Id, task_event.TaskId, task_step.TaskId);

guarded!(by of_oneself: draft.PersonId, feed.PersonId, import_made.PersonId, mail_wish.PersonId, undo.PersonId);

guarded!(by of_own_draft: draft_item.DraftId, sheet_draft.DraftId);

fn of_client_within(column: impl ColumnTrait, who: &Admitted, action: Action, asked: Asked) -> Condition {
    client_within(column.into_simple_expr(), who, action, asked)
}

/// The maker's alone: drafts, imports to be undone, what can be taken back.
fn of_oneself(column: impl ColumnTrait, who: &Admitted, _: Action, _: Asked) -> Condition {
    Condition::all().add(column.eq(who.person.0))
}

impl Guarded for mention::Entity {
    /// One's own, of tasks that one may still see.
    fn scope(who: &Admitted, action: Action, asked: Asked) -> Condition {
        let own = of_oneself(mention::Column::PersonId, who, action, asked);
        own.add(of_task_within(mention::Column::TaskId, who, Action::See, asked))
    }
}

impl Guarded for notice::Entity {
    /// One's own, of certificates that one may still see.
    fn scope(who: &Admitted, action: Action, asked: Asked) -> Condition {
        let own = of_oneself(notice::Column::PersonId, who, action, asked);
        own.add(of_certificate_within(notice::Column::CertificateId, who, Action::See, asked))
    }
}

/// What the program does by itself is for whoever sets up the office.
impl Guarded for job::Entity {
    fn scope(who: &Admitted, _: Action, _: Asked) -> Condition {
        by_role(who, Action::Settings)
    }
}

impl Guarded for mail_server::Entity {
    fn scope(who: &Admitted, _: Action, _: Asked) -> Condition {
        by_role(who, Action::Settings)
    }
}

/// One's own messages; whoever sets up the office sees how those to others went.
impl Guarded for delivery::Entity {
    fn scope(who: &Admitted, action: Action, asked: Asked) -> Condition {
        if action == Action::Settings {
            by_role(who, action)
        } else {
            of_oneself(delivery::Column::PersonId, who, action, asked)
        }
    }
}

fn of_own_draft(column: impl ColumnTrait, who: &Admitted, _: Action, _: Asked) -> Condition {
    let own = draft::Column::PersonId.eq(who.person.0);
    let drafts = Query::select().column(draft::Column::Id).from(draft::Entity).and_where(own).to_owned();
    Condition::all().add(column.in_subquery(drafts))
}

/// One's own views, and those that one's team or the whole office shares; an owner changes any of these.
impl Guarded for saved_view::Entity {
    fn scope(who: &Admitted, action: Action, _: Asked) -> Condition {
        let own = saved_view::Column::PersonId.eq(who.person.0);
        if writes(action) && who.reach(Action::Settings) == Reach::Nothing {
            return Condition::all().add(own);
        }
        let ours =
            saved_view::Column::TeamId.is_null().or(saved_view::Column::TeamId.eq(who.team.map_or(NOBODY, |t| t.0)));
        Condition::any().add(own).add(saved_view::Column::Shared.eq(true).and(ours))
    }
}

impl Guarded for audit::Entity {
    fn scope(who: &Admitted, _: Action, _: Asked) -> Condition {
        match who.reach(Action::ReadAudit) {
            Reach::Nothing => nothing(),
            Reach::Everything => Condition::all(),
            Reach::Assigned | Reach::Team => within(audit::Column::ClientId.into_simple_expr(), who, Action::ReadAudit),
        }
    }
}

/// One's own sessions; whoever manages staff ends those of others.
impl Guarded for session::Entity {
    fn scope(who: &Admitted, action: Action, _: Asked) -> Condition {
        if action == Action::ManageStaff {
            by_role(who, action)
        } else {
            Condition::all().add(session::Column::PersonId.eq(who.person.0))
        }
    }
}
