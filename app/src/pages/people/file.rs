//! The staff as a file, with what each carries.

use crate::parts::{FileKind, Line, table_file};
use crate::seat::{Refused, Reply, Seat};
use crate::{text as t, words};
use domain::access::Action;
use domain::person::{Lang, Load, Team};
use domain::refusal::Refusal;

pub async fn show(seat: Seat, kind: FileKind) -> Reply {
    if !seat.viewer.may(Action::AssignTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let l = seat.viewer.lang;
    let (loads, teams) = (seat.desk.loads().await?, seat.desk.teams().await?);
    let lines: Vec<Line> = loads.iter().map(|load| cells(l, load, &teams)).collect();
    let titles = [
        t::staff::name(l),
        t::sign_in::email(l),
        t::staff::role(l),
        t::staff::team(l),
        t::nav::clients(l),
        t::staff::open_tasks(l),
        t::share::this_week(l),
        t::task_view::overdue(l),
        t::share::weight_short(l),
    ];
    let name = format!("merzim-staff-{}", seat.viewer.today.day);
    let all = futures_util::stream::iter([Ok(lines)]);
    Ok(table_file(kind, l, &name, titles.map(str::to_owned).to_vec(), all).await?)
}

fn cells(l: Lang, load: &Load, teams: &[Team]) -> Line {
    let p = &load.person;
    let team = p.team.and_then(|id| teams.iter().find(|t| t.id == id)).map(|t| t.name.clone());
    vec![
        p.name.clone(),
        p.email.clone(),
        words::role(l, p.role).to_owned(),
        team.unwrap_or_default(),
        load.clients.to_string(),
        load.tasks.open.to_string(),
        load.tasks.week.to_string(),
        load.tasks.overdue.to_string(),
        load.tasks.weight().to_string(),
    ]
}
