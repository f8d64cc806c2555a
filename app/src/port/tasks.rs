//! Reissue tasks.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// Reissue tasks.
    Tasks, answered by task_answers {
        fn tasks(filter: &TaskFilter) -> Arc<Vec<TaskRow>>;
        /// The same for a file: so many lines at once.
        fn some_tasks(filter: &TaskFilter, lines: u64) -> Vec<TaskRow>;
        fn board(filter: &TaskFilter) -> Arc<Vec<BoardLane>>;
        fn task_card(id: TaskId) -> Task;
        fn candidates(certificates: &[CertificateId]) -> Vec<Candidate>;
        fn default_assignee(certificates: &[CertificateId]) -> Option<PersonId>;
        fn successor_candidates(id: TaskId) -> Vec<(CertificateRow, Vec<Failure>)>;
        /// Tasks by their ids, those that are seen.
        fn tasks_by_id(ids: &[TaskId]) -> Vec<TaskRow>;
        fn candidates_for(tasks: &[TaskId]) -> Vec<Candidate>;
        fn open_task(new: NewTask) -> TaskId;
        fn open_tasks(all: Vec<NewTask>) -> (Vec<TaskId>, UndoId);
        fn move_task(id: TaskId, wish: &Move) -> Option<UndoId>;
        /// Who may be given each task, whoever carries least first.
        fn candidates_each(tasks: &[TaskId]) -> Vec<(TaskId, Vec<PersonId>)>;
        fn assign_each(pairs: &HashMap<SeenTask, PersonId>) -> UndoId;
        fn assign_tasks(tasks: &[SeenTask], to: Option<PersonId>) -> UndoId;
        /// Takes back what was just done; gives how many things had moved on and stay.
        fn take_back(id: UndoId) -> u64;
        fn tick_steps(id: TaskId, ticks: &Ticks) -> ();
        fn set_agreed(id: TaskId, at: Option<DateTime<Utc>>, revision: i32) -> UndoId;
        fn step_templates() -> Vec<StepTemplate>;
        fn set_step_template(id: Option<StepId>, line: StepLine) -> ();
        fn remove_step_template(id: StepId) -> ();
        /// Adds a comment, which calls whoever is chosen and whoever its text names.
        fn comment(id: TaskId, text: &str, call: Option<PersonId>) -> bool;
        fn mentions() -> Arc<Vec<Mention>>;
        fn mention_read(id: MentionId) -> ();
        fn report_loss(id: TaskId, reason: Reason, route: TaskRoute, revision: i32) -> ();
        fn set_due(id: TaskId, due: NaiveDate, revision: i32) -> UndoId;
        fn move_tasks(tasks: &[SeenTask], to: Stage) -> UndoId;
        fn set_due_of(tasks: &[SeenTask], due: NaiveDate) -> UndoId;
        fn accept_successor(id: TaskId, new: CertificateId, why: &str, revision: i32) -> Reissued;
        fn record_revocation(id: TaskId, how: Check, note: &str, revision: i32) -> ();
    }
}
