//! What the page of tasks is asked for, as it stands in the address.

use crate::form::picked;
use crate::seat::Viewer;
use axum::extract::Query;
use domain::access::Action;
use domain::id::TaskId;
use domain::reason::Reason;
use domain::task::{Lane, Stage, TaskFilter, TaskView};
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    pub view: String,
    /// `board`, `list` or `people`.
    pub form: String,
    /// Id of the assignee.
    pub who: String,
    pub lane: String,
    pub q: String,
    pub reason: String,
    pub stage: String,
    /// Id of the task that is open beside the board.
    pub task: String,
    /// Lines before the first of the list.
    pub skip: u64,
}

impl Asked {
    /// What an address of the page asks for; the usual page for any other.
    pub fn read(address: &str) -> Self {
        let uri = address.strip_prefix("/tasks").and_then(|rest| format!("/tasks{rest}").parse().ok());
        uri.and_then(|uri| Query::try_from_uri(&uri).ok()).map_or_else(Self::default, |Query(asked)| asked)
    }

    pub fn filter(&self, v: &Viewer) -> TaskFilter {
        let usual = if v.may(Action::AssignTask) || !v.may(Action::WorkTask) { TaskView::All } else { TaskView::Mine };
        let view = TaskView::parse(&self.view).unwrap_or(usual);
        TaskFilter {
            text: self.q.chars().filter(|c| *c != '\0').take(100).collect(),
            reason: Reason::parse(&self.reason),
            stage: Stage::parse(&self.stage),
            assignee: picked(&self.who),
            lane: Lane::parse(&self.lane),
            skip: self.skip,
            ..view.into()
        }
    }

    /// The address of the same tasks in another form.
    pub fn in_form(&self, form: &str, view: &str) -> String {
        self.to("/tasks", |a| (a.form, a.view, a.lane) = (form.into(), view.into(), String::new()))
    }

    /// The address of another view, of anybody's tasks.
    pub fn in_view(&self, view: TaskView) -> String {
        self.to("/tasks", |a| (a.view, a.who, a.lane) = (view.code().into(), String::new(), String::new()))
    }

    /// The address of the tasks of one person, or of all.
    pub fn of(&self, who: &str) -> String {
        self.to("/tasks", |a| who.clone_into(&mut a.who))
    }

    /// The address of a column's whole list; none for all columns.
    pub fn in_lane(&self, form: &str, view: &str, lane: Option<Lane>) -> String {
        let lane = lane.map_or("", Lane::code);
        self.to("/tasks", |a| (a.form, a.view, a.lane) = (form.into(), view.into(), lane.into()))
    }

    /// The address with a task open beside the board.
    pub fn beside(&self, task: TaskId) -> String {
        self.to("/tasks", |a| a.task = task.to_string())
    }

    /// The address of the lines after so many.
    pub fn after(&self, skip: u64) -> String {
        self.to("/tasks", |a| a.skip = skip)
    }

    /// The address as it is, without a task beside it.
    pub fn here(&self) -> String {
        self.to("/tasks", |_| ())
    }

    /// The same list as a file.
    pub fn file(&self, view: TaskView) -> String {
        self.to("/tasks.csv", |a| (a.view, a.form) = (view.code().into(), String::new()))
    }

    fn to(&self, path: &str, change: impl FnOnce(&mut Self)) -> String {
        // What is open, and how far somebody has read, is no part of what is asked.
        let mut a = Self { task: String::new(), skip: 0, ..self.clone() };
        change(&mut a);
        let skip = if a.skip > 0 { a.skip.to_string() } else { String::new() };
        let pairs = [
            ("view", a.view.as_str()),
            ("form", &a.form),
            ("who", &a.who),
            ("lane", &a.lane),
            ("q", &a.q),
            ("reason", &a.reason),
            ("stage", &a.stage),
            ("task", &a.task),
            ("skip", &skip),
        ];
        crate::pages::address(path, &pairs)
    }
}
