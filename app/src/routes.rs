//! Every address of the program, once: the router is built from this table and the access test walks it.

use crate::pages::{
    account, audit, audit_file, calendar, certificate, client, client_bulk, client_bundle, client_custody, client_ends,
    client_file, client_form, client_grounds, client_leave, client_merge, client_systems, clients, custody_sheet, door, find,
    handover, import, keys, more, office, office_days, office_filings, office_steps, office_systems, old_keys, person,
    revocation, sheet, sign_in, staff, staff_file, task, task_bulk, task_file, task_form, task_share, tasks, today, typed, views,
};
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

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
    fn add<H, T>(mut self, method: &'static str, gate: Gate, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        let filter = if method == "GET" { MethodFilter::GET } else { MethodFilter::POST };
        self.router = self.router.route(path, on(filter, handler));
        self.list.push(Route { method, path, gate });
        self
    }

    fn get<H: Handler<T, ()>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("GET", Gate::SignedIn, path, handler)
    }

    fn post<H: Handler<T, ()>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("POST", Gate::SignedIn, path, handler)
    }
}

/// Every page and every form.
#[must_use]
pub fn all() -> Routes {
    Routes { router: Router::new(), list: Vec::new() }
        .add("GET", Gate::Open, "/sign-in", sign_in::show)
        .add("POST", Gate::Open, "/sign-in", sign_in::submit)
        .add("GET", Gate::Open, "/door/{token}", door::show)
        .add("POST", Gate::Open, "/door/{token}", door::submit)
        .post("/sign-out", sign_in::out)
        .get("/", today::show)
        .get("/more", more::show)
        .get("/find", find::show)
        .get("/keys", keys::show)
        .get("/calendar", calendar::month)
        .get("/calendar/year", calendar::year)
        .get("/calendar/agenda", calendar::agenda)
        .get("/calendar.csv", calendar::file)
        .get("/calendar.xlsx", calendar::file)
        .get("/clients", clients::show)
        .get("/clients.csv", client_file::show)
        .get("/clients.xlsx", client_file::show)
        .post("/clients/many", client_bulk::act)
        .get("/clients/new", client_form::new)
        .post("/clients/new", client_form::create)
        .get("/clients/{id}", client::show)
        .get("/clients/{id}/edit", client_form::edit)
        .post("/clients/{id}/edit", client_form::change)
        .get("/clients/{id}/leave", client_leave::show)
        .post("/clients/{id}/leave", client_leave::end)
        .post("/clients/{id}/erase", client_leave::erase)
        .get("/clients/{id}/bundle.zip", client_bundle::show)
        .get("/clients/{id}/merge", client_merge::show)
        .post("/clients/{id}/merge", client_merge::merge)
        .post("/clients/{id}/restore", client::restore)
        .get("/clients/{id}/grounds/new", client_grounds::new)
        .post("/clients/{id}/grounds", client_grounds::record)
        .post("/grounds/{id}/end", client_grounds::end)
        .get("/clients/{id}/custody/new", client_custody::new)
        .post("/clients/{id}/custody", client_custody::record)
        .get("/custody/{id}/sheet", custody_sheet::show)
        .post("/clients/{id}/systems", client_systems::set)
        .post("/clients/{id}/assign", client::assign)
        .post("/clients/{id}/assignments/{assignment}/end", client::end)
        .get("/certificates/{id}", certificate::show)
        .get("/certificates/{id}/file", certificate::file)
        .post("/certificates/{id}/link", certificate::link)
        .post("/certificates/{id}/unlink", certificate::unlink)
        .post("/certificates/{id}/checked", certificate::checked)
        .post("/certificates/{id}/ask", certificate::ask)
        .get("/old-keys", old_keys::show)
        .post("/old-keys", old_keys::check)
        .get("/old-keys.csv", old_keys::file)
        .get("/old-keys.xlsx", old_keys::file)
        .get("/revocation", revocation::show)
        .post("/revocation", revocation::read)
        .post("/revocation/fetch", revocation::fetch)
        .post("/revocation/addresses", revocation::add)
        .post("/revocation/addresses/remove", revocation::remove)
        .get("/clients/{id}/typed", typed::new)
        .post("/clients/{id}/typed", typed::add)
        .get("/import", import::show)
        .post("/import", import::read)
        .get("/import/sheet", sheet::show)
        .post("/import/sheet", sheet::read)
        .get("/import/sheet/{draft}", sheet::preview)
        .post("/import/sheet/{draft}", sheet::accept)
        .get("/import/sheet/{draft}/failed.csv", sheet::failed)
        .post("/import/known", import::known)
        .post("/import/{draft}/undo", import::undo)
        .get("/import/{draft}", import::preview)
        .post("/import/{draft}", import::accept)
        .get("/tasks", tasks::show)
        .get("/tasks.csv", task_file::show)
        .get("/tasks.xlsx", task_file::show)
        .post("/tasks/assign", task_bulk::assign)
        .get("/tasks/by-load", task_share::show)
        .post("/tasks/by-load", task_share::choose)
        .post("/tasks/by-load/assign", task_share::assign)
        .post("/tasks/many", task_bulk::choose)
        .post("/tasks/many/open", task_bulk::open)
        .post("/undo", task_bulk::undo)
        .get("/tasks/new", task_form::new)
        .post("/tasks/new", task_form::open)
        .get("/tasks/{id}", task::show)
        .post("/tasks/{id}/move", task::step)
        .post("/tasks/{id}/comment", task::comment)
        .post("/tasks/{id}/assign", task::assign)
        .post("/tasks/{id}/due", task::due)
        .post("/tasks/{id}/steps", task::steps)
        .post("/tasks/{id}/agreed", task::agreed)
        .post("/tasks/{id}/successor", task::successor)
        .post("/tasks/{id}/successor-file", task::successor_file)
        .post("/tasks/{id}/revocation", task::revocation)
        .post("/tasks/{id}/ask", task::ask)
        .post("/views", views::save)
        .post("/views/{id}/remove", views::remove)
        .get("/staff", staff::show)
        .post("/staff", staff::invite)
        .get("/staff.csv", staff_file::show)
        .get("/staff.xlsx", staff_file::show)
        .post("/teams", staff::add_team)
        .get("/staff/{id}", person::show)
        .post("/staff/{id}", person::change)
        .post("/staff/{id}/deactivate", person::deactivate)
        .post("/staff/{id}/activate", person::activate)
        .post("/staff/{id}/link", person::link)
        .get("/staff/{id}/handover", handover::show)
        .post("/staff/{id}/handover", handover::pass)
        .get("/audit", audit::show)
        .get("/audit.csv", audit_file::show)
        .get("/audit.xlsx", audit_file::show)
        .get("/clients/{id}/ends", client_ends::show)
        .get("/account", account::show)
        .post("/account", account::taste)
        .post("/account/password", account::password)
        .post("/account/sessions/{id}/end", account::end)
        .get("/office/days", office_days::show)
        .post("/office/days", office_days::add)
        .post("/office/days/remove", office_days::remove)
        .get("/office/filings", office_filings::show)
        .post("/office/filings", office_filings::set)
        .post("/office/filings/remove", office_filings::remove)
        .get("/office/systems", office_systems::show)
        .post("/office/systems", office_systems::set)
        .post("/office/systems/remove", office_systems::remove)
        .post("/office/routes", office_systems::route)
        .get("/office/steps", office_steps::show)
        .post("/office/steps", office_steps::set)
        .post("/office/steps/remove", office_steps::remove)
        .get("/office", office::show)
        .post("/office", office::change)
        .post("/office/keep", office::keep)
        .post("/office/authorities", office::add_authority)
        .post("/office/authorities/remove", office::remove_authority)
}
