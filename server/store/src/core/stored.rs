//! Values that are kept as text: each bears the version of its form, and older forms are still read.

use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The form that is written now. Form 0 was the bare value.
const VERSION: u32 = 1;

/// How a text of form 1 or later begins.
const MARK: &str = "{\"v\":";

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    v: u32,
    is: T,
}

/// A value that was written as JSON, in this form or an older one.
pub fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    if !text.starts_with(MARK) {
        return serde_json::from_str(text).map_err(|_| Error::Broken(what));
    }
    let read: Versioned<T> = serde_json::from_str(text).map_err(|_| Error::Broken(what))?;
    if read.v == VERSION { Ok(read.is) } else { Err(Error::Broken("a value that a newer program wrote")) }
}

/// A value as JSON of the present form.
pub fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(&Versioned { v: VERSION, is: value }).map_err(|_| Error::Broken("json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::import_made::Made;
    use crate::tasks::undo::Body;
    use domain::certificate::{Facts, SignatureCheck};
    use domain::client::Contact;
    use domain::sheet::Sheet;

    /// What was stored of each kind, in each form; a form that is written anew is added, none is taken out.
    const FACTS: [&str; 2] = [include_str!("stored/facts_0.json"), include_str!("stored/facts_1.json")];
    const DRAFTS: [&str; 2] = [include_str!("stored/draft_0.json"), include_str!("stored/draft_1.json")];
    const CONTACTS: [&str; 2] = [include_str!("stored/contacts_0.json"), include_str!("stored/contacts_1.json")];
    const SHEETS: [&str; 2] = [include_str!("stored/sheet_0.json"), include_str!("stored/sheet_1.json")];
    const IMPORTS: [&str; 2] = [include_str!("stored/import_0.json"), include_str!("stored/import_1.json")];
    const UNDOS: [&str; 2] = [include_str!("stored/undo_0.json"), include_str!("stored/undo_1.json")];

    /// Reads every example, and the last one writes itself again as it stands.
    fn examples_hold<T: Serialize + DeserializeOwned>(examples: [&str; 2], what: &'static str) {
        let read = examples.map(|text| json::<T>(text.trim(), what).expect(what));
        let written = read.map(|value| to_json(&value).expect(what));
        assert_eq!(written, [examples[1].trim(), examples[1].trim()], "{what}");
    }

    #[test]
    fn every_form_that_was_ever_stored_is_read() {
        examples_hold::<Facts>(FACTS, "facts");
        examples_hold::<(Facts, SignatureCheck)>(DRAFTS, "draft");
        examples_hold::<Vec<Contact>>(CONTACTS, "contacts");
        examples_hold::<Sheet>(SHEETS, "sheet");
        examples_hold::<Made>(IMPORTS, "import");
        examples_hold::<Body>(UNDOS, "undo");
        for kind in include_str!("stored/undo_kinds.json").lines() {
            let read: Body = json(kind, "undo").expect(kind);
            assert_eq!(to_json(&read).expect(kind), kind);
        }
    }

    #[test]
    fn a_newer_form_is_refused_and_not_misread() {
        assert!(json::<Vec<Contact>>("{\"v\":2,\"is\":[]}", "contacts").is_err());
    }
}
