//! The owner's part in a reissue: whom to call, which route is open, what to write.

use super::Data;
use crate::islands::CopyText;
use crate::pages::clients::contacts::contact_line;
use crate::parts::{icon, note, sheet};
use crate::seat::Viewer;
use crate::{dates, text as t, words};
use domain::client::{Contact, Known};
use domain::client_name::{holder_short, is_holder};
use domain::delivery::OwnerLetter;
use domain::person::{Lang, short_name};
use domain::refusal::{Refusal, Rule};
use domain::route::{Case, Condition, Judged, judge};
use domain::task::Route;
use leptos::prelude::*;

/// Nothing once the new certificate is there.
pub fn section(v: &Viewer, d: &Data) -> AnyView {
    let l = v.lang;
    let row = &d.task.row;
    let Some(old) = d.task.certificates.first().filter(|_| row.stage.is_open() && !row.stage.has_successor()) else {
        return ().into_any();
    };
    let contact = d.contact.as_ref();
    let judged = judge(&d.routes, Case { reason: row.reason, life: &old.life, contact, today: v.today });
    let person = match contact {
        Some(c) => {
            let other = (!c.is_of(&row.holder)).then(|| {
                view! { <p class="hint">{t::message::not_the_owner(l, holder_short(&row.holder))}</p> }
            });
            view! { <div class="contact-line">{contact_line(l, c)}</div>{other} }.into_any()
        }
        None => note("warn", t::message::no_contact(l)),
    };
    let lines = judged.iter().map(|j| view! { <li>{line(l, j, j.route == row.route)}</li> }).collect_view();
    let blocked = judged.iter().find(|j| j.route == row.route).is_some_and(|j| !j.unmet.is_empty());
    let left = judged.iter().find(|j| j.unmet.is_empty());
    let warn = blocked.then(|| match left {
        Some(j) => note("risk", t::route::left(l, words::route(l, j.route))),
        None => note("risk", t::route::none_left(l)),
    });
    let body = view! {
        <div class="pad stack">{person}{warn}<ul class="rows">{lines}</ul>
            {d.task.may_work.then(|| message(v, d, contact))}{sent(v, d)}</div>
    };
    sheet(t::message::owner(l), None, ().into_any(), body.into_any())
}

fn line(l: Lang, j: &Judged, own: bool) -> AnyView {
    let word = |of: &[Condition]| of.iter().map(|c| words::condition(l, *c)).collect::<Vec<_>>().join(", ");
    let name = words::route(l, j.route);
    let state = if !j.unmet.is_empty() {
        view! { <span class="wrong">{icon("x")}{t::route::unmet(l, word(&j.unmet))}</span> }.into_any()
    } else if !j.unknown.is_empty() {
        view! { <span class="mute">{t::route::unknown(l, word(&j.unknown))}</span> }.into_any()
    } else {
        view! { <span class="mute">{t::route::open(l)}</span> }.into_any()
    };
    view! { <span class="line"><b>{name}</b>{own.then(|| view! { <span class="mute">{t::route::chosen(l)}</span> })}
    </span>{state} }
    .into_any()
}

/// The text in the owner's language, to be copied or opened where it is sent from.
fn message(v: &Viewer, d: &Data, contact: Option<&Contact>) -> AnyView {
    let l = v.lang;
    let theirs = contact.and_then(|c| Lang::parse(&c.lang)).unwrap_or(Lang::Ru);
    let text = wording(theirs, d, contact, v.today.day);
    let subject = t::message::subject(theirs);
    let encode = crate::pages::problem::encode;
    let digits: String = contact.map(|c| c.phone.chars().filter(char::is_ascii_digit).collect()).unwrap_or_default();
    let mail = contact.filter(|c| !d.mails && !c.email.is_empty());
    let mail = mail.map(|c| format!("mailto:{}?subject={}&body={}", c.email, encode(subject), encode(&text)));
    let chat = (digits.len() >= 10).then(|| format!("https://wa.me/{}?text={}", international(&digits), encode(&text)));
    let rows = text.lines().count() + 1;
    let nowhere = (d.mails && contact.is_none_or(|c| c.email.is_empty()))
        .then(|| view! { <p class="hint">{t::rule::no_owner_mail(l)}</p> });
    let send = contact.filter(|c| d.mails && !c.email.is_empty()).map(|c| {
        let to = t::message::send(l, c.email.clone());
        view! { <form method="post" action=format!("/tasks/{}/message", d.task.row.id)><button class="btn">{icon("chat")}{to}</button></form> }
    });
    view! {
        <details class="fold"><summary>{icon("chat")}{t::message::title(l)}</summary>
            <div class="form1"><label class="label" for="owner-message">
                {t::message::in_language(l, words::lang(theirs))}</label>
                <textarea class="in" id="owner-message" rows=rows lang=theirs.code() readonly="">{text}</textarea>
                <div class="line wrap"><CopyText of="owner-message".to_owned() label=t::message::copy(l).to_owned()
                    done=t::message::copied(l).to_owned()/>
                    {send}{mail.map(|href| view! { <a class="btn" href=href>{t::message::mail(l)}</a> })}
                    {chat.map(|href| view! { <a class="btn" href=href target="_blank" rel="noopener noreferrer">"WhatsApp"</a> })}</div>{nowhere}</div></details>
    }
    .into_any()
}

/// What was written to the owner, with its result.
fn sent(v: &Viewer, d: &Data) -> Option<AnyView> {
    let l = v.lang;
    let lines = d.letters.iter().map(|letter| {
        let state = words::delivery_state(l, letter.state);
        let why = letter.step.map(|step| view! { <span class="wrong">{words::mail_step(l, step)}</span> });
        let said = t::message::written(l, letter.email.clone(), dates::moment(l, letter.at, v.today.day), state);
        view! { <li><details class="fold"><summary>{icon("right")}{said}" "<span class="mute">{short_name(&letter.by)}</span></summary>
            <blockquote>{letter.body.clone()}</blockquote></details>{why}</li> }
    });
    (!d.letters.is_empty()).then(|| view! { <ul class="rows">{lines.collect_view()}</ul> }.into_any())
}

/// The letter to the owner as the task stands: in their language, answers go to who sends it.
///
/// # Errors
/// `Invalid` where nobody knows an address.
pub fn letter(v: &Viewer, d: &Data) -> Result<OwnerLetter, Refusal> {
    if !d.task.row.stage.is_open() || d.task.row.stage.has_successor() {
        return Err(Refusal::Conflict);
    }
    let contact = d.contact.as_ref().filter(|c| !c.email.is_empty());
    let contact = contact.ok_or(Refusal::invalid("message", Rule::NoOwnerMail))?;
    let lang = Lang::parse(&contact.lang).unwrap_or(Lang::Ru);
    let from = v.person.as_ref().map(|p| (p.name.clone(), p.email.clone())).unwrap_or_default();
    Ok(OwnerLetter {
        name: contact.name.clone(),
        email: contact.email.clone(),
        lang,
        subject: t::message::subject(lang).to_owned(),
        body: wording(lang, d, Some(contact), v.today.day),
        from,
    })
}

/// A number as it is dialled from abroad: the national eight becomes seven.
fn international(digits: &str) -> String {
    match digits.strip_prefix('8') {
        Some(rest) if digits.len() == 11 => format!("7{rest}"),
        _ => digits.to_owned(),
    }
}

fn wording(l: Lang, d: &Data, contact: Option<&Contact>, today: chrono::NaiveDate) -> String {
    let row = &d.task.row;
    let name = contact.map(|c| c.name.clone()).filter(|n| !n.is_empty()).unwrap_or_else(|| row.holder.clone());
    let client = row.clients.first().map(|(_, name)| name.clone()).unwrap_or_default();
    // Whoever is written to for somebody else's key has to know whose.
    let other = contact.is_some_and(|c| !c.is_of(&row.holder)) && !is_holder(&client, &row.holder);
    let client = if other { format!("{client}, {}", holder_short(&row.holder)) } else { client };
    let why = if row.reason.takes_access() {
        t::message::why_lost(l, client, words::reason(l, row.reason).to_lowercase())
    } else {
        t::message::why_ends(l, client, dates::full(l, row.last_day))
    };
    let need = match row.route {
        Route::Online => t::message::need_online(l),
        Route::ServiceCentre => t::message::need_centre(l),
    };
    let phone = contact.and_then(|c| Known::parse(&c.in_mobile_base)) != Some(Known::Yes) && row.route == Route::Online;
    let link = d.routes.iter().find(|r| r.route == row.route).map(|r| r.link.clone()).filter(|link| !link.is_empty());
    let parts = [
        Some(t::message::greeting(l, name)),
        Some(why),
        row.reason.takes_access().then(|| t::message::cannot(l).to_owned()),
        Some(need.to_owned()),
        phone.then(|| t::message::check_phone(l).to_owned()),
        row.agreed.map(|at| t::message::agreed(l, dates::moment(l, at, today))),
        link.map(|link| t::message::page(l, link)),
        Some(t::message::never(l).to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_national_number_is_dialled_from_abroad() {
        assert_eq!(international("87001892781"), "77001892781");
        assert_eq!(international("77001892781"), "77001892781");
    }
}
