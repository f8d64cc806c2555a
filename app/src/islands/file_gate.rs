//! Looks at chosen files before anything is sent: containers and keys stay on this computer.

use domain::sniff::{Secret, certificate_blocks, secret};
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;

/// Words of the gate.
#[derive(Clone, Serialize, Deserialize)]
pub struct GateTexts {
    pub choose: String,
    pub drop: String,
    /// «%file%» is a container and stays here.
    pub kept_container: String,
    /// «%file%» is a key without a certificate and stays here.
    pub kept_key: String,
    /// Of «%file%» only the certificate goes on.
    pub stripped: String,
    pub ready: String,
}

/// What happens with a file.
enum Fate {
    Goes,
    Kept(Secret),
    Stripped(String),
}

fn fate(bytes: &[u8]) -> Fate {
    match secret(bytes) {
        None => Fate::Goes,
        Some(Secret::PrivateKey) => certificate_blocks(bytes).map_or(Fate::Kept(Secret::PrivateKey), Fate::Stripped),
        Some(container) => Fate::Kept(container),
    }
}

/// The file field of an import form.
#[island]
pub fn FileGate(texts: GateTexts) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let (lines, set_lines) = signal(Vec::<String>::new());
    let words = StoredValue::new(texts.clone());
    let sift = move |files: Vec<web_sys::File>| {
        let Some(input) = input.get_untracked() else { return };
        // Nothing may be sent until it has been looked at.
        input.set_value("");
        leptos::task::spawn_local(async move {
            let said = gather(&input, files, &words.get_value()).await;
            set_lines.set(said);
        });
    };
    let on_change = move |_| {
        if let Some(list) = input.get_untracked().and_then(|i| i.files()) {
            sift(all(&list));
        }
    };
    let on_drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        if let Some(list) = event.data_transfer().and_then(|d| d.files()) {
            sift(all(&list));
        }
    };
    view! {
        <div class="drop big" on:dragover=|e: web_sys::DragEvent| e.prevent_default() on:drop=on_drop>
            <p>{texts.drop.clone()}</p>
            <label class="btn" for="f-files">{texts.choose.clone()}</label>
            <input id="f-files" class="files" type="file" name="files" multiple=true node_ref=input on:change=on_change/>
            <div role="status"><ul class="gate">{move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul></div>
        </div>
    }
}

fn all(list: &web_sys::FileList) -> Vec<web_sys::File> {
    (0..list.length()).filter_map(|i| list.get(i)).collect()
}

/// Puts what may go back into the field and says what happened.
async fn gather(input: &web_sys::HtmlInputElement, files: Vec<web_sys::File>, words: &GateTexts) -> Vec<String> {
    let Ok(transfer) = web_sys::DataTransfer::new() else { return Vec::new() };
    let (mut said, mut going) = (Vec::new(), 0);
    for file in files {
        let Some(mut bytes) = read(&file).await else { continue };
        let passes = match fate(&bytes) {
            Fate::Goes => Some(file.clone()),
            Fate::Kept(kind) => {
                let text = if kind == Secret::Container { &words.kept_container } else { &words.kept_key };
                said.push(text.replace("%file%", &file.name()));
                None
            }
            Fate::Stripped(text) => {
                said.push(words.stripped.replace("%file%", &file.name()));
                plain_file(&text, &file.name())
            }
        };
        bytes.fill(0);
        if let Some(file) = passes {
            going += u32::from(transfer.items().add_with_file(&file).is_ok());
        }
    }
    input.set_files(transfer.files().as_ref());
    said.push(words.ready.replace("%n%", &going.to_string()));
    said
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
        assert!(matches!(fate(b"-----BEGIN PRIVATE KEY-----\nAA\n"), Fate::Kept(Secret::PrivateKey)));
        assert!(matches!(fate(b"plain"), Fate::Goes));
    }
}
