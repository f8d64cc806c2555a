//! What is written in the database after a storm.

use chrono::{Duration, Utc};
use domain::audit::{AuditFilter, DeedKind};
use domain::client::ClientFilter;
use domain::day::OfficeDay;
use domain::id::{ClientId, TaskId};
use domain::person::Part;
use domain::task::EventKind;
use std::collections::BTreeMap;
use store::{NewSession, ScopedStore, Store};

/// The owner's eyes on the database itself.
pub struct Books(ScopedStore);

impl Books {
    pub async fn open(url: &str) -> Self {
        let store = Store::open(url).await.unwrap();
        let (email, ..) = server::demo::PEOPLE[0];
        let (person, now) = (store.credentials(email).await.unwrap().unwrap().person, Utc::now());
        let session = NewSession {
            person,
            token_hash: "the books".into(),
            ends: now + Duration::hours(1),
            browser: String::new(),
            address: String::new(),
            known: None,
        };
        store.open_session(session, &[], now).await.unwrap();
        let admitted = store.admit("the books", |_| OfficeDay::at(now), Duration::hours(1)).await.unwrap().unwrap();
        Self(ScopedStore::open(store, admitted.0))
    }

    /// How often each comment of the storm stands in the task.
    pub async fn comments(&self, task: &str) -> BTreeMap<String, usize> {
        let id: TaskId = task.trim_start_matches("/tasks/").parse().unwrap();
        let mut found = BTreeMap::new();
        for event in self.0.task_card(id).await.unwrap().events {
            if event.what == EventKind::Comment && event.text.starts_with("storm-") {
                *found.entry(event.text).or_default() += 1;
            }
        }
        found
    }

    pub async fn lines_of_comments(&self) -> usize {
        let mut filter = AuditFilter { kind: Some(DeedKind::TaskCommented), ..AuditFilter::default() };
        let mut lines = 0;
        loop {
            let page = self.0.audit(&filter).await.unwrap();
            lines += page.rows.len();
            match page.next {
                Some(next) => filter.before = next.parse().ok(),
                None => return lines,
            }
        }
    }

    pub async fn lasting_responsibles(&self, client: &str) -> usize {
        let id: ClientId = client.trim_start_matches("/clients/").parse().unwrap();
        let all = self.0.assignments(id).await.unwrap();
        all.iter().filter(|a| a.part == Part::Responsible && a.until.is_none()).count()
    }

    pub async fn clients_with(&self, number: &str) -> i64 {
        self.0.clients(&ClientFilter { text: number.into(), ..ClientFilter::default() }).await.unwrap().total
    }
}
