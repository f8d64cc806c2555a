//! The worker's entry.

use crate::OpenError;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize as _;

/// The certificates of a container as arrays of bytes; throws the code of the [`crate::OpenError`]. Both arguments are
/// copies in the worker's memory, wiped before it answers.
///
/// # Errors
/// The code of why there are none.
#[wasm_bindgen]
pub fn open(mut container: Vec<u8>, mut password: String) -> Result<Array, JsValue> {
    let found = crate::certificates(&container, &password);
    container.zeroize();
    password.zeroize();
    arrays(found)
}

/// The certificates that lie in a container unprotected, as [`open`] gives them.
///
/// # Errors
/// The code of why there are none.
#[wasm_bindgen]
pub fn open_unprotected(mut container: Vec<u8>) -> Result<Array, JsValue> {
    let found = crate::unprotected_certificates(&container);
    container.zeroize();
    arrays(found)
}

fn arrays(found: Result<Vec<Vec<u8>>, OpenError>) -> Result<Array, JsValue> {
    match found {
        Ok(all) => Ok(all.iter().map(|der| Uint8Array::from(der.as_slice())).collect()),
        Err(error) => Err(JsValue::from_str(error.code())),
    }
}
