//! Every page and every file that somebody signed in may open, with the narrowings that people use.

/// What anybody may open, and what is no page.
const OPEN: [&str; 5] = ["/sign-in", "/door/{token}", "/assets/{name}", "/favicon.ico", "/health"];

/// Pages with their narrowings; names in braces stand for what the asking person sees.
const NARROWED: &[&str] = &[
    "/find?part=1",
    "/find?q={word}",
    "/find?q={word}&part=1",
    "/keys?part=1",
    "/calendar?month={month}",
    "/calendar?month={month}&day={day}",
    "/calendar?month={month}&responsible={person}",
    "/calendar?month={month}&team={team}",
    "/calendar?month={month}&client={client}",
    "/calendar?month={month}&purpose=signing",
    "/calendar?month={month}&standing=late",
    "/calendar?month={month}&hide=ftg",
    "/calendar/year?month={month}",
    "/calendar/year?responsible={person}",
    "/calendar/agenda?month={month}",
    "/calendar/agenda?from=2027-02-15&until=2027-02-21",
    "/calendar/agenda?from=2027-01-01&until=2027-03-31",
    "/calendar/agenda?from=2027-01-01&until=2027-03-31&skip=100",
    "/calendar/agenda?from=2026-12-15&until=2027-12-14&standing=late",
    "/calendar.csv?month={month}",
    "/calendar.csv?from=2027-01-01&until=2027-03-31",
    "/calendar.xlsx?month={month}",
    "/clients?q={word}",
    "/clients?q={number}",
    "/clients?sort=name",
    "/clients?after={after}",
    "/clients?standing=late",
    "/clients?standing=month",
    "/clients?team={team}",
    "/clients?responsible={person}",
    "/clients?filing=300",
    "/clients?ground=none",
    "/clients?archived=1",
    "/clients.csv?q={word}",
    "/clients/{client}/ends?lang=kk",
    "/clients/{client}/merge?number={number}",
    "/clients/{client}/custody/new?carrier={carrier}",
    "/import/sheet/{sheet}?c=name&c=number",
    "/tasks?view=all",
    "/tasks?view=mine",
    "/tasks?view=team",
    "/tasks?view=unassigned",
    "/tasks?view=overdue",
    "/tasks?view=closed",
    "/tasks?view=all&task={task}",
    "/tasks?view=all&who={person}",
    "/tasks?form=list",
    "/tasks?form=list&view=all",
    "/tasks?form=list&view=all&skip=300",
    "/tasks?form=list&view=all&who={person}",
    "/tasks?form=list&view=all&lane=planned",
    "/tasks?form=people",
    "/tasks?form=people&view=all",
    "/tasks.csv?view=all",
    "/tasks.xlsx?view=all",
    "/tasks/by-load?view=all",
    "/tasks/new?certificate={free}&reason=password_lost",
    "/staff/{person}/handover?mode=away",
    "/audit?person={person}",
    "/audit?client={client}",
    "/audit?kind=signed_in",
    "/audit?from=2026-12-01&until=2026-12-31",
    "/office/days?year=2027",
];

/// All of them: those of the router's own table, each followed by its narrowings.
pub fn all() -> Vec<String> {
    let mut out = Vec::new();
    for page in pages() {
        let narrowed = NARROWED.iter().filter(|narrowed| path(narrowed) == path(&page));
        let narrowed: Vec<String> = narrowed.map(|narrowed| (*narrowed).to_owned()).collect();
        out.push(page);
        out.extend(narrowed);
    }
    out
}

/// The pages of the router's table with names in braces.
fn pages() -> Vec<String> {
    let routes = server::http::every_route();
    routes.iter().filter(|r| r.method == "GET" && !OPEN.contains(&r.path)).map(|r| named(r.path)).collect()
}

fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

/// An address of the table with names for what its braces stand for.
fn named(path: &str) -> String {
    let id = match path.split('/').nth(1) {
        Some("clients") => "{client}",
        Some("certificates") => "{certificate}",
        Some("tasks") => "{task}",
        Some("staff") => "{person}",
        Some("custody") => "{entry}",
        _ => "{id}",
    };
    let path = path.replace("{id}", id);
    if path == "/tasks/new" {
        // The form is opened for a certificate.
        return format!("{path}?certificate={{free}}");
    }
    if path.starts_with("/import/sheet/") { path.replace("{draft}", "{sheet}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_narrowing_is_of_a_page() {
        let pages = pages();
        for narrowed in NARROWED {
            assert!(pages.iter().any(|page| path(page) == path(narrowed)), "{narrowed}");
        }
    }
}
