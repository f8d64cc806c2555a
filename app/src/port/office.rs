//! Staff, settings, history.

use super::relay::port;
use super::words::*;

port! {
    ($)
    /// Staff, settings, history.
    Office, answered by office_answers {
        fn people() -> Arc<Vec<Person>>;
        /// Who is responsible for the clients that may be seen, and their teams.
        fn narrowings() -> Arc<(Vec<Person>, Vec<Team>)>;
        fn person(id: PersonId) -> Person;
        fn teams() -> Arc<Vec<Team>>;
        fn loads() -> Arc<Vec<Load>>;
        /// When each person was last seen.
        fn last_seen() -> HashMap<PersonId, DateTime<Utc>>;
        fn handover_plan(from: PersonId) -> Plan;
        /// Who stands in for a person today, and for whom the person stands in.
        fn covers(of: PersonId) -> Vec<Cover>;
        fn end_cover(covered: PersonId, by: PersonId) -> ();
        fn hand_over(from: PersonId, how: Handover) -> ();
        fn change_person(id: PersonId, to: PersonChange, revision: i32) -> ();
        /// Tells how many open tasks are nobody's now.
        fn set_active(id: PersonId, active: bool) -> u64;
        fn add_team(name: &str) -> ();
        fn set_day_off(day: NaiveDate, name: [String; 3]) -> ();
        fn remove_day_off(day: NaiveDate) -> ();
        fn office_settings() -> OfficeData;
        fn set_office(office: OfficeData) -> ();
        fn set_keep_months(months: i32) -> ();
        fn authorities() -> Vec<Authority>;
        fn remove_authority(name: &str) -> ();
        fn audit(filter: &AuditFilter) -> Page<AuditRow>;
        /// Saved views of every list.
        fn saved_views() -> Arc<Vec<SavedView>>;
        fn save_view(new: NewView) -> ();
        /// Removes a view; gives the list it was of.
        fn remove_view(id: ViewId) -> Place;
    }
}
