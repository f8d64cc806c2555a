//! What the lines of remembered answers take, in bytes of text and of what hangs on them.

use super::memory::{Weigh, Weighed};
use domain::calendar::{AgendaRow, DayCount, DayEnds, DayTasks};
use domain::certificate::CertificateRow;
use domain::client::{ClientColumn, ClientList, ClientRow};
use domain::custody::Entry;
use domain::day::DaysOff;
use domain::filing::Filing;
use domain::find::Indexed;
use domain::ground::Ground;
use domain::morning::{Listed, Morning};
use domain::person::{Load, Person, Team};
use domain::reminder::Notice;
use domain::task::{BoardLane, Mention, TaskRow};
use domain::view::SavedView;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

macro_rules! weighed {
    ($($line:ty = $bytes:literal),+ $(,)?) => {$(
        impl Weighed for $line {
            const BYTES: usize = $bytes;
        }
    )+};
}

weighed!(
    AgendaRow = 500,
    BoardLane = 6_000,
    CertificateRow = 400,
    ClientColumn = 0,
    ClientRow = 350,
    DayCount = 0,
    DayEnds = 600,
    DayTasks = 300,
    Entry = 500,
    Filing = 500,
    Ground = 400,
    Indexed = 300,
    Load = 200,
    Mention = 600,
    Notice = 900,
    Person = 200,
    SavedView = 200,
    TaskRow = 350,
    Team = 50,
    Uuid = 0,
);

impl Weigh for u64 {
    fn bytes(&self) -> usize {
        0
    }
}

impl<T: Weighed> Weigh for Listed<T> {
    fn bytes(&self) -> usize {
        self.rows.bytes()
    }
}

impl Weigh for ClientList {
    fn bytes(&self) -> usize {
        self.rows.bytes()
    }
}

impl Weigh for Morning {
    fn bytes(&self) -> usize {
        let tasks = self.overdue.bytes() + self.unassigned.bytes() + self.waiting.bytes();
        let certificates = self.cannot_sign.bytes() + self.breaking.bytes() + self.ending.bytes();
        tasks + certificates + self.grounds.bytes() + self.carriers.bytes() + self.loads.bytes()
    }
}

impl Weigh for (Vec<Person>, Vec<Team>) {
    fn bytes(&self) -> usize {
        self.0.bytes() + self.1.bytes()
    }
}

impl Weigh for DaysOff {
    fn bytes(&self) -> usize {
        self.0.len() * 200
    }
}

impl Weigh for HashMap<String, i64> {
    fn bytes(&self) -> usize {
        self.len() * 80
    }
}

impl Weigh for HashMap<Uuid, String> {
    fn bytes(&self) -> usize {
        self.capacity() * 40 + self.values().map(String::capacity).sum::<usize>()
    }
}

impl Weigh for HashSet<Uuid> {
    fn bytes(&self) -> usize {
        self.capacity() * 24
    }
}
