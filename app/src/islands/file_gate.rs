//! Looks at chosen files before anything is sent: containers and keys stay on this computer.

use super::key_files::{KeyFile, KeyTexts, Told, open_unprotected, panel};
use domain::sniff::{Secret, certificate_blocks, looks_readable, secret};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// The server refuses larger files, so they are not read at all.
const MOST_BYTES: f64 = 20.0 * 1024.0 * 1024.0;

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
    /// «%file%» is too large or cannot be read.
    pub unread: String,
    /// %n% files of a folder are no certificates.
    pub others: String,
    /// Only %most% files are taken at once: %n% more are left out, from «%file%» on.
    pub beyond: String,
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

/// Whether a file of a folder is named as one that an import reads: what is wrong with it the server says. Of a container
/// only an empty one goes there.
fn should_be_read(name: &str, bytes: &[u8]) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "cer" | "crt" | "der" | "pem" | "p7b" | "p7c" => true,
        "p12" | "pfx" | "jks" => bytes.is_empty(),
        _ => false,
    }
}

/// The file field of an import form.
#[island]
pub fn FileGate(texts: GateTexts, keys: KeyTexts) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let told = Told::default();
    let awake = RwSignal::new(false);
    let (words, key_words) = (StoredValue::new(texts.clone()), StoredValue::new(keys.clone()));
    let sift = move |files: Vec<web_sys::File>, strict: bool| {
        told.working.update(|n| *n += 1);
        leptos::task::spawn_local(async move {
            gather(files, strict, &words.get_value(), told).await;
            open_unprotected(&key_words.get_value(), told).await;
            told.working.update(|n| *n -= 1);
            super::key_known::name_registered(told).await;
        });
    };
    begin(input, awake, told, sift);
    let on_change = move |event: web_sys::Event| {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
        let files = field.files().map(|list| all(&list)).unwrap_or_default();
        // Nothing may be sent until it has been looked at.
        field.set_value("");
        sift(files, field.id() == "f-folder");
    };
    let on_drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let Some(data) = event.data_transfer() else { return };
        let (entries, files) =
            (super::folders::entries(&data), data.files().map(|list| all(&list)).unwrap_or_default());
        // Going through a folder takes a while; the form waits for that too.
        told.working.update(|n| *n += 1);
        leptos::task::spawn_local(async move {
            let folder = super::folders::any(&entries);
            let files = if entries.is_empty() { files } else { walk(entries, &words.get_value(), told).await };
            sift(files, folder);
            told.working.update(|n| *n -= 1);
        });
    };
    let clear = move |_| told.clear();
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
            <input id="f-files" class="files" type="file" name=move || awake.get().then_some("files") multiple=true
                node_ref=input on:change=on_change/>
            <input {..custom_attribute("webkitdirectory", "")} id="f-folder" class="files" type="file" multiple=true
                hidden=true on:change=on_change/>
            // The next page says how many containers stayed behind.
            <input type="hidden" name="waiting" value=move || told.waiting.with(Vec::len).to_string()/>
            <p class="hint" hidden=move || !awake.get()>{hint}</p>
            <div role="status"><ul class="gate">
                {move || told.lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                {move || ready().map(|line| view! { <li><b>{line}</b></li> })}</ul></div>
            <button class="btn bare low" type="button" hidden=move || !anything() on:click=clear>{texts.clear.clone()}
                </button>
        </div>
        {panel(keys, told)}
    }
}

/// The files of what was dropped; says how many are too many.
async fn walk(entries: Vec<wasm_bindgen::JsValue>, words: &GateTexts, told: Told) -> Vec<web_sys::File> {
    let dropped = super::folders::files(entries).await;
    if let Some((n, first)) = dropped.left_out {
        let text = words.beyond.replace("%n%", &n.to_string());
        told.say(text.replace("%most%", &super::folders::MOST.to_string()).replace("%file%", &first));
    }
    dropped.files
}

/// Takes over the field: what was chosen before this code ran is looked at, and what may go is put back into it.
fn begin(
    input: NodeRef<leptos::html::Input>,
    awake: RwSignal<bool>,
    told: Told,
    sift: impl Fn(Vec<web_sys::File>, bool) + Copy + 'static,
) {
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| !awake.get_untracked()) {
            let files = input.files().map(|list| all(&list)).unwrap_or_default();
            input.set_value("");
            hold_back(&input, told);
            awake.set(true);
            if !files.is_empty() {
                sift(files, false);
            }
        }
    });
    // What may go stands in the field of the form, so that the form sends it as any other does.
    Effect::new(move |_| {
        let taken = told.taken.get();
        if let (true, Some(input), Ok(transfer)) = (awake.get(), input.get(), web_sys::DataTransfer::new()) {
            for file in &taken {
                let _ = transfer.items().add_with_file(file);
            }
            input.set_files(transfer.files().as_ref());
        }
    });
}

fn all(list: &web_sys::FileList) -> Vec<web_sys::File> {
    (0..list.length()).filter_map(|i| list.get(i)).collect()
}

/// A form is not sent while its files are being looked at.
fn hold_back(input: &web_sys::HtmlInputElement, told: Told) {
    let Some(form) = input.form() else { return };
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        if told.working.get_untracked() > 0 {
            event.prevent_default();
        }
    });
    let _ = form.add_event_listener_with_callback("submit", listener.as_ref().unchecked_ref());
    // The form lives as long as the page, and so does its listener.
    listener.forget();
}

/// Lets go what may, and says what happened to the rest. `strict`: of a folder only what looks like certificates goes.
async fn gather(files: Vec<web_sys::File>, strict: bool, words: &GateTexts, told: Told) {
    let (mut taken, mut others) = (Vec::new(), 0u32);
    for file in files {
        let bytes = if file.size() > MOST_BYTES { None } else { read(&file).await };
        let Some(mut bytes) = bytes else {
            told.say(words.unread.replace("%file%", &file.name()));
            continue;
        };
        match fate(&bytes) {
            Fate::Goes if strict && !looks_readable(&bytes) && !should_be_read(&file.name(), &bytes) => others += 1,
            Fate::Goes => taken.push(file),
            Fate::Waits => told.waiting.update(|all| {
                if !all.iter().any(|key| same(&key.file, &file)) {
                    all.push(KeyFile::new(file));
                }
            }),
            Fate::Kept => told.say(words.kept_key.replace("%file%", &file.name())),
            Fate::Stripped(text) => {
                told.say(words.stripped.replace("%file%", &file.name()));
                taken.extend(plain_file(&text, &file.name()));
            }
        }
        bytes.fill(0);
    }
    if others > 0 {
        told.say(words.others.replace("%n%", &others.to_string()));
    }
    // Also where nothing came: choosing emptied the field, and this fills it again. What was chosen twice goes once.
    told.taken.update(|all| {
        for file in taken {
            if !all.iter().any(|other| same(other, &file)) {
                all.push(file);
            }
        }
    });
}

fn same(a: &web_sys::File, b: &web_sys::File) -> bool {
    let path = |file: &web_sys::File| {
        js_sys::Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|p| p.as_string())
    };
    a.name() == b.name() && a.size() == b.size() && a.last_modified() == b.last_modified() && path(a) == path(b)
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
        assert!(
            matches!(fate(mixed.as_bytes()), Fate::Stripped(text) if !text.contains("PRIVATE") && text.contains("MIIB"))
        );
        assert!(matches!(fate(b"-----BEGIN PRIVATE KEY-----\nAA\n"), Fate::Kept));
        assert!(matches!(fate(b"plain"), Fate::Goes));
    }

    #[test]
    fn of_a_folder_what_is_named_as_a_certificate_is_told_and_no_broken_container_leaves() {
        for name in ["Дала.CER", "a.b.pem", "set.p7b"] {
            assert!(should_be_read(name, b"") && should_be_read(name, b"plain"), "{name}");
        }
        assert!(should_be_read("AUTH_RSA.p12", b"") && !should_be_read("AUTH_RSA.p12", b"0"));
        assert!(["photo.jpg", "cer", "", "note.cer.txt"].iter().all(|name| !should_be_read(name, b"")));
    }
}
