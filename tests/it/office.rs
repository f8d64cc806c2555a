//! The office's own settings.

use crate::support::{Base, Firm, cookie, get, on_both, post, state, today};
use axum::http::StatusCode;

on_both!(the_settings_show_what_is_set_and_saving_a_name_changes_nothing_else);

async fn the_settings_show_what_is_set_and_saving_a_name_changes_nothing_else(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let (state, owner) = (state(&base.store), cookie(&base.store, firm.people["owner"], today().now).await);
    let form = "name=%D0%9F%D1%80%D0%BE%D0%B1%D0%B0&zone=Asia%2FAqtau&lang=kk";
    assert_eq!(post(&state, "/office", Some(&owner), form).await.0, StatusCode::SEE_OTHER);
    let page = get(&state, "/office", Some(&owner)).await.1;
    let chosen = |name: &str| {
        let select = page.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        let before = select.split(" selected").next().unwrap();
        before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!((chosen("zone").as_str(), chosen("lang").as_str()), ("Asia/Aqtau", "kk"));
}
