//! Every address of the program, once: the router is built from this table and the access test walks it.

use crate::pages::{
    account, calendar, certificates, clients, feeds, find, import, keys, more, office, people, reminders, tasks, today,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

/// Bytes of a form from whoever is not known yet: little is read before it is clear who asks.
const OPEN_FORM: usize = 16 * 1024;
/// Bytes of a form: a few thousand ticked rows.
const FORM: usize = 1024 * 1024;
/// Bytes of files that are attached at once.
const ATTACHED: usize = 32 * 1024 * 1024;
/// Bytes of an upload: 300 certificates and some large signatures.
const UPLOAD: usize = 64 * 1024 * 1024;

/// Who may reach an address at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Anybody.
    Open,
    /// Whoever is signed in.
    SignedIn,
}

/// An address with its method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub gate: Gate,
}

/// The router together with the list of what is in it.
pub struct Routes {
    pub router: Router,
    pub list: Vec<Route>,
}

impl Routes {
    /// `most`: bytes of a body that is read.
    fn add<H, T>(mut self, method: &'static str, gate: Gate, path: &'static str, handler: H, most: usize) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        let filter = if method == "GET" { MethodFilter::GET } else { MethodFilter::POST };
        self.router = self.router.route(path, on(filter, handler).layer(DefaultBodyLimit::max(most)));
        self.list.push(Route { method, path, gate });
        self
    }

    fn open<H: Handler<T, ()>, T: 'static>(self, method: &'static str, path: &'static str, handler: H) -> Self {
        self.add(method, Gate::Open, path, handler, OPEN_FORM)
    }

    fn upload<H: Handler<T, ()>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("POST", Gate::SignedIn, path, handler, UPLOAD)
    }

    fn get<H: Handler<T, ()>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("GET", Gate::SignedIn, path, handler, FORM)
    }

    fn post<H: Handler<T, ()>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("POST", Gate::SignedIn, path, handler, FORM)
    }
}

/// Every page and every form.
#[must_use]
pub fn all() -> Routes {
    let none = Routes { router: Router::new(), list: Vec::new() };
    let areas = [
        own_pages,
        calendar_pages,
        client_pages,
        certificate_pages,
        import_pages,
        task_pages,
        people_pages,
        office_pages,
    ];
    areas.into_iter().fold(none, |routes, area| area(routes))
}

/// Signing in, the first page, finding, one's own account.
fn own_pages(routes: Routes) -> Routes {
    routes
        .open("GET", "/sign-in", account::sign_in::show)
        .open("POST", "/sign-in", account::sign_in::submit)
        .open("GET", "/feeds/{token}/{name}", feeds::calendar::show)
        .open("GET", "/door/{token}", account::door::show)
        .open("POST", "/door/{token}", account::door::submit)
        .post("/sign-out", account::sign_in::out)
        .get("/", today::page::show)
        .post("/mentions/{id}/read", today::mentions::read)
        .get("/notices", reminders::notices::show)
        .post("/notices/read", reminders::notices::read)
        .get("/more", more::show)
        .get("/find", find::show)
        .get("/keys", keys::show)
        .get("/account", account::page::show)
        .post("/account", account::page::taste)
        .post("/account/feed", feeds::account::make)
        .post("/account/feed/remove", feeds::account::remove)
        .post("/account/mail", reminders::wishes::set)
        .post("/account/password", account::page::password)
        .post("/account/sessions/{id}/end", account::page::end)
}

/// The expiry calendar.
fn calendar_pages(routes: Routes) -> Routes {
    routes
        .get("/calendar", calendar::month)
        .get("/calendar/week", calendar::week)
        .get("/calendar/year", calendar::year)
        .get("/calendar/agenda", calendar::agenda)
        .get("/calendar.csv", calendar::file)
        .get("/calendar.xlsx", calendar::file)
}

/// Clients, their powers of attorney, custody and archive.
fn client_pages(routes: Routes) -> Routes {
    routes
        .get("/clients", clients::list::show)
        .get("/clients.csv", clients::file::show)
        .get("/clients.xlsx", clients::file::show)
        .post("/clients/many", clients::bulk::act)
        .post("/clients/columns", clients::columns::keep)
        .get("/clients/new", clients::form::new)
        .post("/clients/new", clients::form::create)
        .get("/clients/{id}", clients::card::show)
        .get("/clients/{id}/edit", clients::form::edit)
        .post("/clients/{id}/edit", clients::form::change)
        .get("/clients/{id}/leave", clients::leave::show)
        .post("/clients/{id}/leave", clients::leave::end)
        .post("/clients/{id}/erase", clients::leave::erase)
        .get("/clients/{id}/bundle.zip", clients::bundle::show)
        .get("/clients/{id}/merge", clients::merge::show)
        .post("/clients/{id}/merge", clients::merge::merge)
        .post("/clients/{id}/restore", clients::card::restore)
        .get("/clients/{id}/grounds/new", clients::grounds::new)
        .post("/clients/{id}/grounds", clients::grounds::record)
        .post("/grounds/{id}/end", clients::grounds::end)
        .get("/clients/{id}/custody/new", clients::custody::new)
        .post("/clients/{id}/custody", clients::custody::record)
        .get("/custody/{id}/sheet", clients::custody_sheet::show)
        .add("POST", Gate::SignedIn, "/clients/{id}/attachments", clients::attachments::to_client, ATTACHED)
        .get("/attachments/{id}", clients::attachments::download)
        .post("/attachments/{id}/remove", clients::attachments::remove)
        .post("/clients/{id}/systems", clients::systems::set)
        .post("/clients/{id}/assign", clients::card::assign)
        .post("/clients/{id}/assignments/{assignment}/end", clients::card::end)
        .get("/clients/{id}/ends", clients::ends::show)
}

/// Certificates, old keys, revocation.
fn certificate_pages(routes: Routes) -> Routes {
    routes
        .get("/certificates/{id}", certificates::card::show)
        .get("/certificates/{id}/file", certificates::card::file)
        .post("/certificates/{id}/link", certificates::card::link)
        .post("/certificates/{id}/unlink", certificates::card::unlink)
        .post("/certificates/{id}/checked", certificates::card::checked)
        .post("/certificates/{id}/ask", certificates::card::ask)
        .get("/certificates/{id}/ladder", reminders::own_ladder::show_certificate)
        .post("/certificates/{id}/ladder", reminders::own_ladder::set_certificate)
        .get("/clients/{id}/ladder", reminders::own_ladder::show_client)
        .post("/clients/{id}/ladder", reminders::own_ladder::set_client)
        .post("/certificates/{id}/put-off", reminders::of_certificate::put_off)
        .post("/certificates/{id}/put-off/end", reminders::of_certificate::end)
        .get("/aside", certificates::aside::show)
        .post("/aside", certificates::aside::set)
        .post("/aside/{id}/back", certificates::aside::back)
        .get("/old-keys", certificates::old_keys::show)
        .post("/old-keys", certificates::old_keys::check)
        .get("/old-keys.csv", certificates::old_keys::file)
        .get("/old-keys.xlsx", certificates::old_keys::file)
        .get("/revocation", certificates::revocation::show)
        .upload("/revocation", certificates::revocation::read)
        .post("/revocation/fetch", certificates::revocation::fetch)
        .post("/revocation/daily", certificates::revocation::set_daily)
        .post("/revocation/addresses", certificates::revocation::add)
        .post("/revocation/addresses/remove", certificates::revocation::remove)
        .get("/clients/{id}/typed", certificates::typed::new)
        .post("/clients/{id}/typed", certificates::typed::add)
}

/// Files and spreadsheets read in.
fn import_pages(routes: Routes) -> Routes {
    routes
        .get("/import", import::upload::show)
        .upload("/import", import::upload::read)
        .get("/import/sheet", import::sheet::show)
        .upload("/import/sheet", import::sheet::read)
        .get("/import/sheet/{draft}", import::sheet::preview)
        .post("/import/sheet/{draft}", import::sheet::accept)
        .post("/import/sheet/{draft}/reading", import::sheet_reading::read)
        .get("/import/sheet/{draft}/failed.csv", import::sheet::failed)
        .post("/import/known", import::upload::known)
        .get("/import/{draft}/undo", import::undo::ask)
        .post("/import/{draft}/undo", import::undo::undo)
        .get("/import/{draft}", import::preview::preview)
        .post("/import/{draft}", import::upload::accept)
}

/// Reissue tasks.
fn task_pages(routes: Routes) -> Routes {
    routes
        .get("/tasks", tasks::list::show)
        .get("/tasks.csv", tasks::file::show)
        .get("/tasks.xlsx", tasks::file::show)
        .post("/tasks/assign", tasks::bulk::assign)
        .post("/tasks/due", tasks::bulk::due)
        .post("/tasks/move", tasks::bulk::to_stage)
        .get("/tasks/by-load", tasks::share::show)
        .post("/tasks/by-load", tasks::share::choose)
        .post("/tasks/by-load/assign", tasks::share::assign)
        .post("/tasks/many", tasks::bulk::choose)
        .post("/tasks/many/open", tasks::bulk::open)
        .post("/undo", tasks::bulk::undo)
        .get("/tasks/new", tasks::form::new)
        .post("/tasks/new", tasks::form::open)
        .get("/tasks/{id}", tasks::card::show)
        .post("/tasks/{id}/move", tasks::card::step)
        .post("/tasks/{id}/comment", tasks::card::comment)
        .post("/tasks/{id}/message", tasks::card::message)
        .add("POST", Gate::SignedIn, "/tasks/{id}/attachments", clients::attachments::to_task, ATTACHED)
        .post("/tasks/{id}/assign", tasks::card::assign)
        .post("/tasks/{id}/due", tasks::card::due)
        .post("/tasks/{id}/steps", tasks::card::steps)
        .post("/tasks/{id}/agreed", tasks::card::agreed)
        .post("/tasks/{id}/loss", tasks::card::loss)
        .post("/tasks/{id}/successor", tasks::card::successor)
        .upload("/tasks/{id}/successor-file", tasks::card::successor_file)
        .post("/tasks/{id}/revocation", tasks::card::revocation)
        .post("/tasks/{id}/ask", tasks::card::ask)
}

/// Staff and teams.
fn people_pages(routes: Routes) -> Routes {
    routes
        .get("/staff", people::list::show)
        .post("/staff", people::list::invite)
        .get("/staff.csv", people::file::show)
        .get("/staff.xlsx", people::file::show)
        .post("/teams", people::list::add_team)
        .get("/staff/{id}", people::card::show)
        .post("/staff/{id}", people::card::change)
        .post("/staff/{id}/deactivate", people::card::deactivate)
        .post("/staff/{id}/activate", people::card::activate)
        .post("/staff/{id}/link", people::card::link)
        .get("/staff/{id}/handover", people::handover::show)
        .post("/staff/{id}/handover", people::handover::pass)
        .post("/staff/{id}/cover/end", people::cover::end)
}

/// The firm: history, saved views, settings.
fn office_pages(routes: Routes) -> Routes {
    routes
        .post("/views", office::views::save)
        .post("/views/{id}/remove", office::views::remove)
        .get("/audit", office::history::show)
        .get("/audit.csv", office::history_file::show)
        .get("/audit.xlsx", office::history_file::show)
        .get("/office/days", office::days::show)
        .post("/office/days", office::days::add)
        .post("/office/days/remove", office::days::remove)
        .get("/office/filings", office::filings::show)
        .post("/office/filings", office::filings::set)
        .post("/office/filings/remove", office::filings::remove)
        .get("/office/systems", office::systems::show)
        .post("/office/systems", office::systems::set)
        .post("/office/systems/remove", office::systems::remove)
        .post("/office/routes", office::systems::route)
        .post("/office/ladder", reminders::ladder::set)
        .post("/office/escalation", reminders::escalation::set)
        .post("/office/plan", reminders::plan::set)
        .get("/office/mail", reminders::mail::show)
        .post("/office/mail", reminders::mail::set)
        .post("/office/mail/test", reminders::mail::test)
        .post("/office/mail/remove", reminders::mail::remove)
        .post("/office/mail/{id}/again", reminders::mail_list::again)
        .get("/office/jobs", reminders::jobs::show)
        .post("/office/jobs/{id}/again", reminders::jobs::again)
        .get("/office/steps", office::steps::show)
        .post("/office/steps", office::steps::set)
        .post("/office/steps/remove", office::steps::remove)
        .get("/office", office::page::show)
        .post("/office", office::page::change)
        .post("/office/keep", office::page::keep)
        .upload("/office/authorities", office::page::add_authority)
        .post("/office/authorities/remove", office::page::remove_authority)
}
