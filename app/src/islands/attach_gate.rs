//! Looks at files before they are attached: what holds a key, or is of another kind, never leaves this computer.

use domain::attachment::{LARGEST, look};
use domain::import::FileError;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

/// Words of the gate; each with «%file%».
#[derive(Clone, Serialize, Deserialize)]
pub struct AttachTexts {
    pub choose: String,
    pub key: String,
    pub large: String,
    pub kind: String,
}

/// The file field of a form that attaches.
#[island]
pub fn AttachGate(texts: AttachTexts) -> impl IntoView {
    let (said, say) = signal(Vec::<String>::new());
    let words = StoredValue::new(texts.clone());
    let on_change = move |event: web_sys::Event| {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
        let files: Vec<web_sys::File> =
            field.files().map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect()).unwrap_or_default();
        // Nothing may be sent until it has been looked at.
        field.set_value("");
        leptos::task::spawn_local(async move {
            let (mut kept, Ok(taken)) = (Vec::new(), web_sys::DataTransfer::new()) else { return };
            for file in files {
                match fate(&file).await {
                    Ok(()) => {
                        let _ = taken.items().add_with_file(&file);
                    }
                    Err(why) => kept.push(words.with_value(|words| worded(words, why, &file.name()))),
                }
            }
            field.set_files(taken.files().as_ref());
            say.set(kept);
        });
    };
    view! {
        <input class="in file" type="file" name="files" multiple required accept=".pdf,.jpg,.jpeg,.png,.docx,.xlsx"
            aria-label=texts.choose on:change=on_change/>
        <div role="status">{move || said.get().into_iter().map(|text| view! { <p class="wrong">{text}</p> }).collect_view()}</div>
    }
}

async fn fate(file: &web_sys::File) -> Result<(), FileError> {
    if file.size() > LARGEST as f64 {
        return Err(FileError::TooLarge);
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| FileError::Malformed)?;
    look(&Uint8Array::new(&bytes).to_vec()).map(|_| ()).map_err(|(error, _)| error)
}

fn worded(words: &AttachTexts, why: FileError, file: &str) -> String {
    let text = match why {
        FileError::KeyContainer | FileError::PrivateKey => &words.key,
        FileError::TooLarge => &words.large,
        _ => &words.kind,
    };
    text.replace("%file%", file)
}
