//! The button that takes something back, for ten seconds; its notice stays while it is pointed at or focused.

use leptos::prelude::*;
use leptos::web_sys;
use std::time::Duration;

const SECONDS: i32 = 10;

/// Stands inside the notice. Without scripts it is a plain button.
#[island]
pub fn Countdown(label: String, counting: String) -> impl IntoView {
    let button = NodeRef::<leptos::html::Button>::new();
    let (left, set_left) = signal(None::<i32>);
    Effect::new(move |_| {
        let Some(button) = button.get() else { return };
        set_left.set(Some(SECONDS));
        let tick = move || {
            if is_held(&button) {
                return;
            }
            match left.get_untracked() {
                Some(n) if n > 1 => set_left.set(Some(n - 1)),
                _ => gone(&button),
            }
        };
        // The page's end is the timer's end.
        let _ = set_interval_with_handle(tick, Duration::from_secs(1));
    });
    view! {
        <button class="btn low" node_ref=button>
            {move || left.get().map_or_else(|| label.clone(), |n| counting.replace("%n%", &n.to_string()))}</button>
    }
}

fn notice(button: &web_sys::HtmlButtonElement) -> Option<web_sys::Element> {
    button.closest(".toast").ok().flatten()
}

fn is_held(button: &web_sys::HtmlButtonElement) -> bool {
    notice(button).is_some_and(|n| n.matches(":hover, :focus-within").unwrap_or(false))
}

fn gone(button: &web_sys::HtmlButtonElement) {
    if let Some(notice) = notice(button) {
        notice.remove();
    }
}
