//! Every address, asked by nobody and by each role, on an own and on a foreign client.
//!
//! The addresses come from the router's own table, so a new one is in the matrix at once and changes the
//! printed table until somebody has looked at it.

use crate::support::{Base, Firm, Wish, ask, carrier, cookie, on_both, state};
use axum::body::Body;
use axum::http::StatusCode;
use domain::attachment::{AttachTo, AttachmentKind, NewAttachment};
use domain::ground::{GroundKind, NewGround};
use domain::person::Part;
use domain::reason::Reason;
use domain::task::{NewTask, Route};
use server::state::AppState;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

on_both!(every_address_answers_each_role_as_the_table_says);

const ROLES: [&str; 5] = ["nobody", "owner", "lead", "accountant", "observer"];

struct Target {
    client: String,
    certificate: String,
    task: String,
    assignment: String,
    draft: String,
    ground: String,
    entry: String,
    attachment: String,
}

async fn target(firm: &Firm, bin: &'static str, responsible: &'static str) -> Target {
    let owner = firm.scoped("owner").await;
    let client = firm.client(bin, Some(responsible)).await;
    let certificate = firm.certificate(&Wish::of(bin)).await;
    let new = NewTask {
        certificates: vec![certificate],
        reason: Reason::Planned,
        route: Route::Online,
        assignee: None,
        due: crate::support::d("2026-11-30"),
        note: String::new(),
    };
    let task = owner.open_task(new).await.unwrap();
    let assignment = owner.assignments(client).await.unwrap()[0].id;
    owner.record_ground(client, ground()).await.unwrap();
    let ground = owner.grounds(client).await.unwrap()[0].id;
    let entry = owner.record_custody(client, carrier()).await.unwrap();
    let scan = NewAttachment { name: "a.pdf".into(), kind: AttachmentKind::Pdf, bytes: b"%PDF-1.7".to_vec() };
    let attachment = owner.attach(AttachTo::Client(client), &[scan]).await.unwrap()[0];
    let draft = owner.draft(vec![firm.item(&Wish::of(bin))]).await.unwrap();
    Target {
        client: client.to_string(),
        certificate: certificate.to_string(),
        task: task.to_string(),
        assignment: assignment.to_string(),
        draft: draft.to_string(),
        ground: ground.to_string(),
        entry: entry.to_string(),
        attachment: attachment.to_string(),
    }
}

fn ground() -> NewGround {
    let (number, scope, note) = Default::default();
    NewGround { kind: GroundKind::OwnerSigns, certificate: None, number, scope, until: None, note }
}

fn fill(path: &str, t: &Target, firm: &Firm) -> String {
    let id = match path.split('/').nth(1) {
        Some("clients") => t.client.clone(),
        Some("certificates") => t.certificate.clone(),
        Some("tasks") => t.task.clone(),
        Some("grounds") => t.ground.clone(),
        Some("custody") => t.entry.clone(),
        Some("attachments") => t.attachment.clone(),
        Some("staff") => firm.people["west-lead"].to_string(),
        _ => "018f0000-0000-7000-8000-000000000000".into(),
    };
    let path = path
        .replace("{id}", &id)
        .replace("{assignment}", &t.assignment)
        .replace("{draft}", &t.draft)
        .replace("{token}", "none")
        .replace("{name}", "none");
    if path == "/tasks/new" { format!("{path}?certificate={}", t.certificate) } else { path }
}

/// What a form of this address would hold, aimed at the target.
fn form(path: &str, t: &Target, firm: &Firm) -> String {
    match path {
        "/tasks/new" => format!("certificate={}&reason=planned&route=online", t.certificate),
        "/certificates/{id}/link" | "/certificates/{id}/unlink" => format!("client={}", t.client),
        "/clients/{id}/grounds" => "kind=owner_signs".into(),
        "/clients/{id}/leave" => "ended=2026-11-22".into(),
        "/clients/{id}/erase" => "number=1".into(),
        "/office/keep" => "months=60".into(),
        "/clients/{id}/custody" => "label=x&what=taken&day=2026-11-20".into(),
        "/certificates/{id}/checked" => "how=ocsp".into(),
        "/clients/{id}/assign" => format!("person={}&part=observer&from=2026-11-22", firm.people["observer"]),
        "/tasks/{id}/move" => "to=waiting_owner&revision=99".into(),
        "/tasks/assign" => format!("task={}.99&assignee=nobody", t.task),
        "/tasks/due" => format!("task={}.99&due=2026-12-01", t.task),
        "/tasks/move" => format!("task={}.99&stage=waiting_owner", t.task),
        "/clients/many" => format!("client={}.&act=filing&filing=300", t.client),
        "/tasks/by-load" => format!("task={}.99", t.task),
        "/tasks/by-load/assign" => format!("to={}.99:{}", t.task, firm.people["owner"]),
        "/tasks/many" => format!("certificate={}", t.certificate),
        "/tasks/many/open" => format!("certificate={}&reason=planned&route=online", t.certificate),
        "/tasks/{id}/loss" => "reason=password_lost&route=online&revision=99".into(),
        "/tasks/{id}/steps" => "step=0".into(),
        "/tasks/{id}/agreed" => "agreed=2026-12-01T10:00&revision=99".into(),
        "/tasks/{id}/successor" => format!("successor={}&revision=99", t.certificate),
        "/revocation/addresses" => "kind=lists&url=http://a.kz/".into(),
        "/tasks/{id}/revocation" => "how=ocsp&revision=99".into(),
        "/tasks/{id}/due" => "due=2026-12-01&revision=99".into(),
        "/views" => "place=clients&name=x&query=sort=name".into(),
        "/old-keys" => format!("certificate={}&how=ocsp", t.certificate),
        "/account" => "lang=ru&theme=light".into(),
        "/notices/read" => "notice=018f0000-0000-7000-8000-000000000000".into(),
        "/certificates/{id}/put-off" => "until=2026-12-01&why=x".into(),
        "/office/ladder" => "ladder=30".into(),
        "/certificates/{id}/ladder" | "/clients/{id}/ladder" => "ladder=30".into(),
        "/office/plan" => "plan=".into(),
        "/office/escalation" => "escalation=".into(),
        "/office/mail" => "host=localhost&port=25&security=open&sender=a%40a.kz".into(),
        "/account/mail" => "digest=on&hour=9".into(),
        _ => "revision=99".into(),
    }
}

fn word(status: StatusCode, text: &str, location: &str) -> &'static str {
    match status {
        StatusCode::SEE_OTHER if location.starts_with("/sign-in?next") => "sign in",
        StatusCode::UNAUTHORIZED => "sign in",
        StatusCode::FORBIDDEN => "not allowed",
        StatusCode::NOT_FOUND => "not found",
        StatusCode::OK | StatusCode::SEE_OTHER | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT => "open",
        other => panic!("{other}: {text}"),
    }
}

async fn one(state: &Arc<AppState>, firm: &Firm, route: app::routes::Route, who: &str, t: &Target) -> &'static str {
    let session =
        if who == "nobody" { None } else { Some(cookie(&firm.store, firm.people[who], state.clock.now()).await) };
    let path = fill(route.path, t, firm);
    let files = matches!(
        route.path,
        "/revocation"
            | "/import"
            | "/import/sheet"
            | "/office/authorities"
            | "/tasks/{id}/successor-file"
            | "/tasks/{id}/attachments"
            | "/clients/{id}/attachments"
    ) && route.method == "POST";
    let (body, kind) = if files {
        crate::support::multipart("files", "a.cer", b"no certificate")
    } else if route.method == "POST" {
        (Body::from(form(route.path, t, firm)), "application/x-www-form-urlencoded")
    } else {
        (Body::empty(), "text/plain")
    };
    let (status, text, response) = ask(state, route.method, &path, session.as_deref(), body, kind).await;
    let location = response.headers().get("location").and_then(|l| l.to_str().ok()).unwrap_or_default();
    word(status, &text, location)
}

async fn every_address_answers_each_role_as_the_table_says(base: &Base) {
    let firm = Firm::new(&base.store).await;
    let state = state(&base.store);
    // Each role asks about targets of its own, so that what one changes is not missing for the next.
    let bins = [
        "971240001315",
        "940140000385",
        "020240000555",
        "941240000193",
        "980640000093",
        "010940000162",
        "020540003431",
        "970740000838",
        "980540002879",
        "990740000683",
    ];
    let mut targets = BTreeMap::new();
    for (n, who) in ROLES.iter().enumerate() {
        let own = target(&firm, bins[n * 2], "accountant").await;
        if *who == "observer" {
            let client = own.client.parse().unwrap();
            firm.scoped("owner").await.assign(client, firm.assignment("observer", Part::Observer)).await.unwrap();
        }
        targets.insert(*who, (own, target(&firm, bins[n * 2 + 1], "second").await));
    }
    let mut table = String::from(
        "| address | nobody | owner | lead | accountant | observer | foreign: lead | accountant | observer |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut routes = server::http::every_route();
    // What ends sessions or people comes last.
    routes.sort_by_key(|r| {
        (
            r.path.contains("assignments/") || r.path.contains("handover"),
            r.path.contains("deactivate"),
            r.path,
            r.method,
        )
    });
    for route in routes {
        let mut cells = Vec::new();
        for who in ROLES {
            cells.push(one(&state, &firm, route, who, &targets[who].0).await);
        }
        let by_form = [
            "/tasks/new",
            "/clients/many",
            "/tasks/assign",
            "/tasks/due",
            "/tasks/move",
            "/tasks/by-load/assign",
            "/tasks/many",
            "/tasks/many/open",
        ]
        .contains(&route.path)
            || (route.method, route.path) == ("POST", "/old-keys");
        let about_client = ["/clients/{", "/certificates/{", "/tasks/{", "/grounds/{", "/custody/{", "/attachments/{"]
            .iter()
            .any(|p| route.path.starts_with(p))
            || by_form;
        for who in ["lead", "accountant", "observer"] {
            if !about_client && route.path != "/import/{draft}" {
                cells.push("—");
                continue;
            }
            let answer = one(&state, &firm, route, who, &targets[who].1).await;
            assert!(
                answer == "not found" || (answer == "not allowed" && by_form),
                "{} {} shows a foreign client to {who}: {answer}",
                route.method,
                route.path
            );
            cells.push(answer);
        }
        let wants = if route.gate == app::routes::Gate::Open { cells[0] != "sign in" } else { cells[0] == "sign in" };
        assert!(wants, "{} {} answers nobody with {}", route.method, route.path, cells[0]);
        writeln!(table, "| {} {} | {} |", route.method, route.path, cells.join(" | ")).unwrap();
    }
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ACCESS.md");
    if std::env::var_os("MERZIM_PRINT_MATRIX").is_some() {
        let policy = domain::access::table();
        let text = format!(
            "# Who may do what\n\nPrinted by the program; a test compares both tables with what it does.\n\n## Policy: on which clients an action is open\n\n{policy}\n## Every address\n\nOn a client of one's own, then on a foreign one. A foreign client answers as a missing one.\n\n{table}"
        );
        std::fs::write(&docs, text).unwrap();
    }
    let printed = std::fs::read_to_string(docs).unwrap_or_default();
    assert!(
        printed.contains(&table),
        "docs/ACCESS.md differs; look at the change, then print it with MERZIM_PRINT_MATRIX=1:\n{table}"
    );
}
