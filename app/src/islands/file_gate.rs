//! Looks at chosen files before anything is sent: containers and keys stay on this computer.

use super::key_files::{KeyFile, KeyTexts, Told, panel};
use domain::sniff::{Secret, certificate_blocks, secret};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;

/// Words of the gate.
#[derive(Clone, Serialize, Deserialize)]
pub struct GateTexts {
    pub choose: String,
    pub folder: String,
    pub clear: String,
    pub drop: String,
    /// «%file%» is a key without a certificate and stays here.
    pub kept_key: String,
    /// Of «%file%» only the certificate goes on.
    pub stripped: String,
    pub ready: String,
}

/// What happens with a file.
enum Fate {
    Goes,
    /// It waits for its password.
    Waits,
    Kept,
    Stripped(String),
}

fn fate(bytes: &[u8]) -> Fate {
    match secret(bytes) {
        None => Fate::Goes,
        Some(Secret::PrivateKey) => certificate_blocks(bytes).map_or(Fate::Kept, Fate::Stripped),
        Some(Secret::Container) => Fate::Waits,
    }
}

/// The file field of an import form.
#[island]
pub fn FileGate(texts: GateTexts, keys: KeyTexts) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let told = Told {
        waiting: RwSignal::new_local(Vec::new()),
        lines: RwSignal::new(Vec::new()),
        taken: RwSignal::new_local(Vec::new()),
    };
    let awake = RwSignal::new(false);
    let words = StoredValue::new(texts.clone());
    // What may go stands in the field of the form, so that the form sends it as any other does.
    Effect::new(move |_| {
        let taken = told.taken.get();
        if let (Some(input), Ok(transfer)) = (input.get(), web_sys::DataTransfer::new()) {
            for file in &taken {
                let _ = transfer.items().add_with_file(file);
            }
            input.set_files(transfer.files().as_ref());
        }
    });
    let sift = move |files: Vec<web_sys::File>| {
        leptos::task::spawn_local(async move {
            gather(files, &words.get_value(), told).await;
            super::key_known::name_registered(told).await;
        });
    };
    // What was chosen before this code ran is looked at now.
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| !awake.get_untracked()) {
            let files = input.files().map(|list| all(&list)).unwrap_or_default();
            input.set_value("");
            sift(files);
        }
        awake.set(true);
    });
    let on_change = move |event: web_sys::Event| {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
        let files = field.files().map(|list| all(&list)).unwrap_or_default();
        // Nothing may be sent until it has been looked at.
        field.set_value("");
        sift(files);
    };
    let on_drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let Some(data) = event.data_transfer() else { return };
        let (entries, files) = (super::folders::entries(&data), data.files().map(|list| all(&list)).unwrap_or_default());
        leptos::task::spawn_local(async move {
            sift(if entries.is_empty() { files } else { super::folders::files(entries).await });
        });
    };
    let clear = move |_| {
        told.taken.set(Vec::new());
        told.waiting.set(Vec::new());
        told.lines.set(Vec::new());
    };
    let ready = move || {
        let n = told.taken.with(Vec::len);
        (n > 0).then(|| words.get_value().ready.replace("%n%", &n.to_string()))
    };
    let anything = move || told.taken.with(|t| !t.is_empty()) || told.waiting.with(|w| !w.is_empty());
    let hint = keys.hint.clone();
    view! {
        <div class="drop big" on:dragover=|e: web_sys::DragEvent| e.prevent_default() on:drop=on_drop>
            <p>{texts.drop.clone()}</p>
            <div class="line wrap"><label class="btn" for="f-files">{texts.choose.clone()}</label>
                <label class="btn" for="f-folder" hidden=move || !awake.get()>{texts.folder.clone()}</label></div>
            <input id="f-files" class="files" type="file" name="files" multiple=true node_ref=input on:change=on_change/>
            <input {..custom_attribute("webkitdirectory", "")} id="f-folder" class="files" type="file" multiple=true hidden=true on:change=on_change/>
            <p class="hint" hidden=move || !awake.get()>{hint}</p>
            <div role="status"><ul class="gate">{move || told.lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                {move || ready().map(|line| view! { <li><b>{line}</b></li> })}</ul></div>
            <button class="btn bare low" type="button" hidden=move || !anything() on:click=clear>{texts.clear.clone()}</button>
        </div>
        {panel(keys, told)}
    }
}

fn all(list: &web_sys::FileList) -> Vec<web_sys::File> {
    (0..list.length()).filter_map(|i| list.get(i)).collect()
}

/// Lets go what may, and says what happened to the rest.
async fn gather(files: Vec<web_sys::File>, words: &GateTexts, told: Told) {
    for file in files {
        let Some(mut bytes) = read(&file).await else { continue };
        match fate(&bytes) {
            Fate::Goes => take(told, file),
            Fate::Waits => told.waiting.update(|all| {
                if !all.iter().any(|key| same(&key.file, &file)) {
                    all.push(KeyFile::new(file.clone()));
                }
            }),
            Fate::Kept => told.lines.update(|all| all.push(words.kept_key.replace("%file%", &file.name()))),
            Fate::Stripped(text) => {
                told.lines.update(|all| all.push(words.stripped.replace("%file%", &file.name())));
                if let Some(file) = plain_file(&text, &file.name()) {
                    take(told, file);
                }
            }
        }
        bytes.fill(0);
    }
}

/// A file that was chosen twice goes once.
fn take(told: Told, file: web_sys::File) {
    told.taken.update(|all| {
        if !all.iter().any(|other| same(other, &file)) {
            all.push(file);
        }
    });
}

#[allow(clippy::float_cmp)] // sizes and instants in whole numbers
fn same(a: &web_sys::File, b: &web_sys::File) -> bool {
    a.name() == b.name() && a.size() == b.size() && a.last_modified() == b.last_modified()
}

async fn read(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

fn plain_file(text: &str, name: &str) -> Option<web_sys::File> {
    let parts = js_sys::Array::of1(&wasm_bindgen::JsValue::from_str(text));
    web_sys::File::new_with_str_sequence(parts.unchecked_ref(), name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_mixed_pem_only_the_certificate_goes_on() {
        let mixed = "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        assert!(matches!(fate(mixed.as_bytes()), Fate::Stripped(text) if !text.contains("PRIVATE") && text.contains("MIIB")));
        assert!(matches!(fate(b"-----BEGIN PRIVATE KEY-----\nAA\n"), Fate::Kept));
        assert!(matches!(fate(b"plain"), Fate::Goes));
    }
}
