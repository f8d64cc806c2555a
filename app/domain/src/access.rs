//! Who may do what, on which clients: one table, printed into the documents.

use crate::coded::coded;
use crate::person::Role;

coded! {
    /// Something that a request wants to do.
    Action {
        See = "see",
        EditClient = "edit_client",
        AssignClient = "assign_client",
        Import = "import",
        LinkCertificate = "link_certificate",
        WorkTask = "work_task",
        AssignTask = "assign_task",
        OverrideSuccessor = "override_successor",
        ReadAudit = "read_audit",
        ManageStaff = "manage_staff",
        Settings = "settings",
    }
}

coded! {
    /// On which clients an action is open.
    Reach {
        /// On none.
        Nothing = "nothing",
        /// Where the person is assigned today.
        Assigned = "assigned",
        /// Where the person or a member of the person's team is assigned today, and the team's own clients.
        Team = "team",
        /// On all of the firm.
        Everything = "everything",
    }
}

/// The policy. An observer "of all" reads everything.
#[must_use]
pub const fn reach(role: Role, sees_all: bool, action: Action) -> Reach {
    match (role, action) {
        (Role::Owner, _) => Reach::Everything,
        (Role::Lead, Action::ManageStaff | Action::Settings) => Reach::Nothing,
        (Role::Lead, _) => Reach::Team,
        (Role::Accountant, Action::See | Action::Import | Action::WorkTask) => Reach::Assigned,
        (Role::Observer, Action::See) => {
            if sees_all {
                Reach::Everything
            } else {
                Reach::Assigned
            }
        }
        (Role::Accountant | Role::Observer, _) => Reach::Nothing,
    }
}

coded! {
    /// What the program itself may do without a person: one narrow right each time it acts.
    SystemRight {
        /// Opening and closing the entrance: sessions, one-time links, the brake on guessing, the first owner.
        Enter = "enter",
        /// Loading a firm from the server's console.
        Seed = "seed",
        /// Days that follow from the office's own table.
        Days = "days",
        /// Moving tasks on that need nobody for it: their new certificates are there, or the cover of their assignee is over.
        Settle = "settle",
        /// Noting who was seen when, and sweeping out what has ended.
        Sweep = "sweep",
        /// Reading revocation lists from the addresses that the owner has allowed.
        ReadLists = "read_lists",
        /// Telling people of ends that come.
        Remind = "remind",
        /// Opening tasks for ends that come.
        Plan = "plan",
        /// Noting what is to be done by itself, and how it went.
        RunJobs = "run_jobs",
        /// Sending to each person what that person may see.
        Deliver = "deliver",
    }
}

/// How far an action reaches for the program itself.
#[must_use]
pub const fn system_reach(right: SystemRight, action: Action) -> Reach {
    match (right, action) {
        (SystemRight::ReadLists | SystemRight::Settle | SystemRight::Plan, Action::See | Action::WorkTask)
        | (SystemRight::Seed | SystemRight::Remind, Action::See) => Reach::Everything,
        _ => Reach::Nothing,
    }
}

/// Whether an action changes something. An assignment as observer opens only what does not.
#[must_use]
pub const fn writes(action: Action) -> bool {
    !matches!(action, Action::See | Action::ReadAudit)
}

/// Whether the action is about the firm, not about one client: then the role alone decides, for whichever row.
#[must_use]
pub const fn is_of_the_firm(action: Action) -> bool {
    matches!(action, Action::ManageStaff | Action::Settings)
}

/// Whether one's own assignment as observer forbids the action although a role would allow it.
/// Who works on a client stays open to owners and leads, or nobody could end such an assignment.
#[must_use]
pub const fn capped_by_observing(action: Action) -> bool {
    writes(action) && !matches!(action, Action::AssignClient)
}

/// One person's relation to one client, for the pure form of the rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relation {
    /// Assigned today as responsible or deputy.
    pub works: bool,
    /// Assigned today as observer.
    pub observes: bool,
    /// The client is of the person's team.
    pub team_client: bool,
    /// A member of the person's team is assigned today as responsible or deputy.
    pub member_works: bool,
    /// A member of the person's team is assigned today as observer.
    pub member_observes: bool,
}

/// The rule that the queries of the store must agree with.
#[must_use]
pub fn allows(role: Role, sees_all: bool, action: Action, to: Relation) -> bool {
    if capped_by_observing(action) && to.observes && !to.works {
        return false;
    }
    let reads = !writes(action);
    match reach(role, sees_all, action) {
        Reach::Nothing => false,
        Reach::Everything => true,
        Reach::Assigned => to.works || (reads && to.observes),
        Reach::Team => to.works || to.team_client || to.member_works || (reads && (to.observes || to.member_observes)),
    }
}

/// The table as it is printed into `docs/ACCESS.md`.
#[must_use]
pub fn table() -> String {
    let mut out = String::from(
        "| action | owner | lead | accountant | observer | observer of all |\n|---|---|---|---|---|---|\n",
    );
    for action in Action::ALL {
        let cells = [
            (Role::Owner, false),
            (Role::Lead, false),
            (Role::Accountant, false),
            (Role::Observer, false),
            (Role::Observer, true),
        ]
        .map(|(role, all)| reach(role, all, *action).code());
        out.push_str(&format!("| {} | {} |\n", action.code(), cells.join(" | ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_as_observer_gives_reading_only() {
        let seen = Relation { observes: true, ..Relation::default() };
        for role in Role::ALL {
            assert!(allows(*role, false, Action::See, seen));
            assert!(!allows(*role, false, Action::WorkTask, seen), "{role:?}");
        }
    }

    #[test]
    fn the_program_itself_reaches_only_what_a_job_names() {
        for right in SystemRight::ALL {
            for action in Action::ALL {
                let open = system_reach(*right, *action) != Reach::Nothing;
                let named = matches!(
                    (right, action),
                    (SystemRight::ReadLists | SystemRight::Settle | SystemRight::Plan, Action::See | Action::WorkTask)
                        | (SystemRight::Seed | SystemRight::Remind, Action::See)
                );
                assert_eq!(open, named, "{right:?} {action:?}");
            }
        }
    }

    #[test]
    fn only_an_owner_manages_staff() {
        for role in [Role::Lead, Role::Accountant, Role::Observer] {
            assert_eq!(reach(role, true, Action::ManageStaff), Reach::Nothing);
        }
    }

    #[test]
    fn who_may_write_a_client_may_see_it() {
        for bits in 0u8..32 {
            let to = Relation {
                works: bits & 1 > 0,
                observes: bits & 2 > 0,
                team_client: bits & 4 > 0,
                member_works: bits & 8 > 0,
                member_observes: bits & 16 > 0,
            };
            for role in Role::ALL {
                for action in Action::ALL {
                    assert!(!allows(*role, false, *action, to) || allows(*role, false, Action::See, to));
                }
            }
        }
    }
}
