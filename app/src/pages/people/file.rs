//! The staff as a file, with what each carries.

use crate::parts::{FileKind, Line, table_file};
use crate::seat::{Refused, Reply, Seat};
use crate::{text as t, words};
use domain::access::Action;
use domain::person::{Lang, Load, PersonField, Team};
use domain::refusal::Refusal;

pub async fn show(seat: Seat, kind: FileKind) -> Reply {
    if !seat.viewer.may(Action::AssignTask) {
        return Err(Refused(Refusal::NotAllowed));
    }
    let l = seat.viewer.lang;
    let (loads, teams) = (seat.desk.loads().await?, seat.desk.teams().await?);
    let lines: Vec<Line> = loads.iter().map(|load| cells(l, load, &teams)).collect();
    let carried = [
        t::nav::clients(l),
        t::staff::open_tasks(l),
        t::share::this_week(l),
        t::task_view::overdue(l),
        t::share::weight_short(l),
    ];
    let titles = PersonField::ALL.iter().map(|of| words::person_field(l, *of)).chain(carried).map(str::to_owned);
    let name = format!("merzim-staff-{}", seat.viewer.today.day);
    let all = futures_util::stream::iter([Ok(lines)]);
    Ok(table_file(kind, l, (t::nav::staff(l), &name), titles.collect(), all).await?)
}

fn cells(l: Lang, load: &Load, teams: &[Team]) -> Line {
    let p = &load.person;
    let said = p.fields().into_iter().map(|(of, said)| match of {
        PersonField::Role => words::role(l, p.role).to_owned(),
        // The team's name; its id says nothing outside the program.
        PersonField::Team => teams.iter().find(|t| p.team == Some(t.id)).map(|t| t.name.clone()).unwrap_or_default(),
        PersonField::SeesAll if p.sees_all => t::known::yes(l).to_owned(),
        PersonField::Name | PersonField::Email | PersonField::SeesAll => said,
    });
    let tasks = &load.tasks;
    let carried = [load.clients, tasks.open, tasks.week, tasks.overdue, tasks.weight()].map(|n| n.to_string());
    said.chain(carried).collect()
}
