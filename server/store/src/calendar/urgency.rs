//! The rule of urgency for the database: level, place within it, bounds of the levels.

use crate::clients::cards::not_replaced;
use crate::core::admitted::ScopedStore;
use crate::core::entity::{certificate, certificate_client, client_filing, filing};
use domain::certificate::{HolderRole, Purpose};
use domain::day::{plus, start_of};
use domain::filing::RISK_DAYS;
use domain::standing::{MONTH_DAYS, WEEK_DAYS};
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};

impl ScopedStore {
    /// [`Life::urgency`] for the database: the place of the level in [`Urgency::ALL`].
    pub(crate) fn level(&self) -> SimpleExpr {
        let [late, week, month, risk] = self.bounds();
        let before = |bound: i64| certificate::Column::NotAfter.lt(bound);
        Expr::case(not_replaced(self.now_ms()).not(), 4)
            .case(certificate::Column::AsideAt.is_not_null(), 4)
            .case(broken().add(before(late)), 0)
            .case(certificate::Column::NotBefore.gt(self.now_ms()), 4)
            .case(before(risk).and(self.breaks()), 1)
            .case(before(week), 2)
            .case(before(month), 3)
            .finally(4)
            .into()
    }

    /// The first instants (ms) that are no longer late, of the week, of the month, of what a filing can raise.
    pub(crate) fn bounds(&self) -> [i64; 4] {
        let after =
            |days: i64| start_of(plus(self.who.today.day, u64::try_from(days + 1).unwrap_or(0))).timestamp_millis();
        [self.now_ms(), after(WEEK_DAYS), after(MONTH_DAYS), after(RISK_DAYS)]
    }
}

/// [`domain::certificate::place`] for the database, where the link to a client is at hand.
pub fn place() -> SimpleExpr {
    let link = Expr::col((certificate_client::Entity, certificate_client::Column::ClientId));
    let daily = daily(|of| of.and_where(link.equals((client_filing::Entity, client_filing::Column::ClientId))));
    place_where(daily)
}

/// Whether somebody files all the year round, of the clients that are chosen.
fn daily(of: impl FnOnce(&mut SelectStatement) -> &mut SelectStatement) -> SimpleExpr {
    let continuous = Query::select()
        .column(filing::Column::Code)
        .from(filing::Entity)
        .and_where(filing::Column::Months.eq(""))
        .to_owned();
    let mut found = Query::select();
    found.expr(Expr::val(1)).from(client_filing::Entity).and_where(client_filing::Column::Code.in_subquery(continuous));
    Expr::exists(of(&mut found).to_owned())
}

fn place_where(daily: SimpleExpr) -> SimpleExpr {
    let signs =
        certificate::Column::Purposes.contains(Purpose::Signing.code()).or(certificate::Column::Purposes.eq(""));
    Expr::case(signs.not(), 3)
        .case(certificate::Column::Roles.contains(HolderRole::Head.code()), 0)
        .case(daily, 1)
        .finally(2)
        .into()
}

/// What cannot be used whatever its dates.
pub fn broken() -> Condition {
    Condition::any().add(certificate::Column::LostAt.is_not_null()).add(certificate::Column::RevokedAt.is_not_null())
}
