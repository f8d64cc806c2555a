//! The worker that opens key containers, seen from the page: containers and a password in, certificates out.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array, WebAssembly};
use leptos::web_sys;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A worker with its module. Dropped, it ends, and with it whatever it held.
pub struct KeyWorker(web_sys::Worker);

impl KeyWorker {
    /// Starts the worker and hands it the compiled module: it cannot load anything itself.
    pub async fn start(script: &str, module: &str) -> Result<Self, JsValue> {
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let compiled = JsFuture::from(WebAssembly::compile_streaming(&window.fetch_with_str(module))).await?;
        let worker = web_sys::Worker::new(script)?;
        let first = Object::new();
        Reflect::set(&first, &"module".into(), &compiled)?;
        let this = Self(worker);
        let ready = this.answer();
        this.0.post_message(&first)?;
        JsFuture::from(ready).await?;
        Ok(this)
    }

    /// The certificates of a container, DER each, or the code of why there are none; without a password those that lie in
    /// it unprotected. The bytes move to the worker.
    pub async fn open(&self, bytes: &JsValue, password: Option<&str>) -> Result<Vec<Vec<u8>>, String> {
        let broken = |_| "damaged".to_owned();
        let ask = Object::new();
        Reflect::set(&ask, &"container".into(), bytes).map_err(broken)?;
        if let Some(password) = password {
            Reflect::set(&ask, &"password".into(), &password.into()).map_err(broken)?;
        }
        let answered = self.answer();
        self.0.post_message_with_transfer(&ask, &Array::of1(bytes)).map_err(broken)?;
        let message = JsFuture::from(answered).await.map_err(broken)?;
        let data = message.unchecked_into::<web_sys::MessageEvent>().data();
        if let Some(code) = Reflect::get(&data, &"error".into()).ok().and_then(|code| code.as_string()) {
            return Err(code);
        }
        let found = Reflect::get(&data, &"certificates".into()).map_err(broken)?;
        Ok(Array::from(&found).iter().map(|der| Uint8Array::new(&der).to_vec()).collect())
    }

    /// The next message of the worker, or that it failed.
    fn answer(&self) -> Promise {
        Promise::new(&mut |answer, fail| {
            self.0.set_onmessage(Some(&answer));
            self.0.set_onerror(Some(&fail));
        })
    }
}

impl Drop for KeyWorker {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
