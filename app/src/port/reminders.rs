//! Reminders of ends that come, and what the program does by itself.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// Reminders of ends that come, and what the program does by itself.
    Reminding, answered by reminder_answers {
        /// How many of one's notices are not read.
        fn unread() -> u64;
        fn notices() -> Arc<Vec<Notice>>;
        fn notices_read(ids: &[NoticeId]) -> ();
        /// What became of each rung of a certificate.
        fn reminders(id: CertificateId) -> Reminders;
        fn put_off(id: CertificateId, until: NaiveDate, why: &str) -> ();
        fn end_put_off(id: CertificateId) -> ();
        fn ladder() -> Ladder;
        fn set_ladder(to: &Ladder) -> ();
        /// The ladder of a certificate, and whose it is.
        fn ladder_of(id: CertificateId) -> (Ladder, LadderOf);
        /// A client's own ladder, if it has one.
        fn client_ladder(id: ClientId) -> Option<Ladder>;
        /// Gives a client a ladder of its own; none takes it away.
        fn set_client_ladder(id: ClientId, to: Option<&Ladder>) -> ();
        fn set_certificate_ladder(id: CertificateId, to: Option<&Ladder>) -> ();
        /// How many days before its end a certificate gets a task by itself; none where nobody wants that.
        fn plan_days() -> Option<i64>;
        fn set_plan_days(to: Option<i64>) -> ();
        /// After how many days without an act somebody above is told; none where nobody is.
        fn escalate_days() -> Option<i64>;
        fn set_escalate_days(to: Option<i64>) -> ();
        fn jobs() -> Vec<JobRow>;
        fn job_again(id: JobId) -> ();
    }
}
