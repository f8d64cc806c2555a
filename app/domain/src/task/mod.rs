//! Reissue tasks: reasons, routes, stages and the moves between them.

mod clock;
mod rows;
mod seen;

pub use clock::{Clock, default_due, is_plannable};
pub use rows::{
    BoardLane, EventKind, LIST_LINES, Mention, NewTask, Step, StepLine, StepTemplate, Task, TaskEvent, TaskFilter,
    TaskRow,
};
pub use seen::{NotSeen, SeenTask};

use crate::coded::coded;

coded! {
    /// How the owner gets the new keys.
    Route { Online = "online", ServiceCentre = "service_centre" }
}

coded! {
    /// Where a task stands.
    Stage {
        Planned = "planned", WaitingOwner = "waiting_owner", Filed = "filed", WaitingConfirmation = "waiting_confirmation",
        Issued = "issued", SystemsUpdated = "systems_updated", OldChecked = "old_checked", Done = "done",
        Refused = "refused", Lapsed = "lapsed", Blocked = "blocked", Cancelled = "cancelled",
    }
}

coded! {
    /// How somebody made sure that the old certificate is revoked or may stay.
    Check { Ocsp = "ocsp", Crl = "crl", Cabinet = "cabinet", StillValid = "still_valid", EndedItself = "ended_itself" }
}

impl Check {
    /// What a person can say. That an answer or a list of the authority proves it, the program says alone.
    pub const SAID: [Self; 3] = [Self::Cabinet, Self::StillValid, Self::EndedItself];
    /// The same of a certificate that has not ended.
    pub const SAID_OF_RUNNING: [Self; 2] = [Self::Cabinet, Self::StillValid];

    /// Whether somebody saw the certificate revoked.
    #[must_use]
    pub const fn sees_revoked(self) -> bool {
        matches!(self, Self::Ocsp | Self::Crl | Self::Cabinet)
    }
}

coded! {
    /// What shows that a step is done, so that it need not be ticked by hand.
    StepFact { Filed = "filed", Confirmed = "confirmed", OldRevoked = "old_revoked" }
}

impl StepFact {
    /// What a move between stages shows.
    #[must_use]
    pub const fn shown_by(from: Stage, to: Stage) -> Option<Self> {
        match (from, to) {
            (_, Stage::Filed) => Some(Self::Filed),
            (Stage::WaitingConfirmation, Stage::Issued) => Some(Self::Confirmed),
            _ => None,
        }
    }
}

/// Why a task was closed that nobody closed by hand: the last contract with its clients ended.
pub const CONTRACT_ENDED: &str = "contract_ended";

/// A move that somebody wishes, with what is ticked on the way.
#[derive(Debug, Clone)]
pub struct Move {
    pub to: Stage,
    /// A sentence why; for ending a task with steps left out, why without them.
    pub why: String,
    pub ticks: Ticks,
    /// The task's revision that was seen.
    pub revision: i32,
}

impl Move {
    /// A move without ticks.
    #[must_use]
    pub fn to(to: Stage, why: &str, revision: i32) -> Self {
        Self { to, why: why.to_owned(), ticks: Ticks::default(), revision }
    }
}

/// Ticks of a checklist by their places.
#[derive(Debug, Clone, Default)]
pub struct Ticks {
    pub ticked: Vec<i32>,
    /// Those that were ticked when the page was made.
    pub were: Vec<i32>,
}

impl Ticks {
    /// Ticks where others were set before.
    #[must_use]
    pub fn of(ticked: &[i32], were: &[i32]) -> Self {
        Self { ticked: ticked.to_vec(), were: were.to_vec() }
    }
}

/// What a move asks for besides the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Nothing,
    /// A sentence why.
    Why,
    /// A certificate that satisfies the successor rule, or a lead's reason.
    Successor,
    /// Who checked the old certificate, how and when.
    Revocation,
}

impl Stage {
    /// The moves that are allowed from here.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        use Stage::{
            Blocked, Cancelled, Done, Filed, Issued, Lapsed, OldChecked, Planned, Refused, SystemsUpdated,
            WaitingConfirmation, WaitingOwner,
        };
        match self {
            Planned => &[WaitingOwner, Filed, Issued, Blocked, Cancelled],
            WaitingOwner => &[Planned, Filed, Issued, Blocked, Cancelled],
            Filed => &[WaitingConfirmation, WaitingOwner, Issued, Refused, Lapsed, Blocked, Cancelled],
            WaitingConfirmation => &[WaitingOwner, Issued, Refused, Lapsed, Blocked, Cancelled],
            Refused | Lapsed => &[Planned, WaitingOwner, Filed, Issued, Blocked, Cancelled],
            Blocked => &[Planned, WaitingOwner, Filed, WaitingConfirmation, Issued, Cancelled],
            Issued => &[SystemsUpdated],
            SystemsUpdated => &[OldChecked],
            OldChecked => &[Done],
            Done | Cancelled => &[],
        }
    }

    /// Stages into which many tasks can be moved at once: they ask for nothing.
    pub const FOR_MANY: [Self; 4] = [Self::Planned, Self::WaitingOwner, Self::Filed, Self::WaitingConfirmation];

    /// Whether it stands beside the way: the task keeps the column where it got stuck.
    #[must_use]
    pub const fn is_stuck(self) -> bool {
        matches!(self, Self::Refused | Self::Lapsed | Self::Blocked)
    }

    /// The first move from here into a column.
    #[must_use]
    pub fn way_to(self, lane: Lane) -> Option<Self> {
        self.moves().iter().copied().find(|to| *to != Self::Cancelled && Lane::of(*to) == Some(lane))
    }

    /// What a move to here asks for.
    #[must_use]
    pub const fn need(self) -> Need {
        match self {
            Self::Issued => Need::Successor,
            Self::OldChecked => Need::Revocation,
            Self::Refused | Self::Lapsed | Self::Blocked | Self::Cancelled => Need::Why,
            _ => Need::Nothing,
        }
    }

    /// Whether the task is still worked.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Cancelled)
    }

    /// Whether the new certificate is there already.
    #[must_use]
    pub const fn has_successor(self) -> bool {
        matches!(self, Self::Issued | Self::SystemsUpdated | Self::OldChecked | Self::Done)
    }

    /// Step of the straight way, 1 to 8; none for the side states.
    #[must_use]
    pub fn step(self) -> Option<usize> {
        Self::ALL.iter().take(8).position(|s| *s == self).map(|i| i + 1)
    }
}

coded! {
    /// A column of the board.
    Lane {
        Planned = "planned", WaitingOwner = "waiting_owner", Authority = "authority", Issued = "issued", Old = "old", Done = "done",
    }
}

impl Lane {
    /// The stages that stand in it. A refused, lapsed or blocked task stays where it got stuck.
    #[must_use]
    pub const fn stages(self) -> &'static [Stage] {
        match self {
            Self::Planned => &[Stage::Planned],
            Self::WaitingOwner => &[Stage::WaitingOwner],
            Self::Authority => &[Stage::Filed, Stage::WaitingConfirmation],
            Self::Issued => &[Stage::Issued],
            Self::Old => &[Stage::SystemsUpdated, Stage::OldChecked],
            Self::Done => &[Stage::Done, Stage::Cancelled],
        }
    }

    /// The column of a stage; none for the states beside the way.
    #[must_use]
    pub fn of(stage: Stage) -> Option<Self> {
        Self::ALL.iter().copied().find(|lane| lane.stages().contains(&stage))
    }
}

coded! {
    /// Lists of tasks.
    TaskView { Mine = "mine", Team = "team", Unassigned = "unassigned", Overdue = "overdue", All = "all", Closed = "closed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_is_reached_only_through_a_successor_and_a_checked_revocation() {
        for from in Stage::ALL {
            for to in from.moves() {
                if *to == Stage::Done {
                    assert_eq!(*from, Stage::OldChecked);
                }
                if *to == Stage::OldChecked {
                    assert!(from.has_successor());
                }
                if to.has_successor() && !from.has_successor() {
                    assert_eq!(to.need(), Need::Successor);
                }
            }
        }
    }

    #[test]
    fn every_stage_of_the_way_stands_in_one_column_and_the_stuck_ones_in_none() {
        for stage in Stage::ALL {
            let lanes = Lane::ALL.iter().filter(|l| l.stages().contains(stage)).count();
            assert_eq!(lanes, usize::from(!stage.is_stuck()));
        }
        assert_eq!(Stage::Planned.way_to(Lane::Authority), Some(Stage::Filed));
        assert_eq!(Stage::Issued.way_to(Lane::Planned), None);
    }

    #[test]
    fn a_closed_task_does_not_move_and_every_open_one_can() {
        for stage in Stage::ALL {
            assert_eq!(stage.is_open(), !stage.moves().is_empty());
        }
    }
}
