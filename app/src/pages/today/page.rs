//! The morning: one sentence, then what is late, what cannot sign, what ends soon, who waits, who has how much.

use crate::pages::today::mentions::mentions;
use crate::pages::today::tasks::tasks;
use crate::parts::Ticks;
use crate::parts::{avatar, certificate_table, empty, icon, sheet};
use crate::seat::{Reply, Seat, Viewer};
use crate::shell::{Room, Sheet, page};
use crate::{dates, text as t};
use chrono::Datelike as _;
use domain::access::Action;
use domain::certificate::CertificateRow;
use domain::client::ClientFilter;
use domain::client_name::short_name as short_client;
use domain::day::{DaysOff, days_between, minus, plus};
use domain::morning::{Listed, Morning};
use domain::person::{Lang, Load, short_name};
use domain::standing::MONTH_DAYS;
use domain::task::TaskRow;
use leptos::prelude::*;

pub async fn show(seat: Seat) -> Reply {
    let (morning, off) = (seat.desk.morning().await?, seat.desk.days_off().await?);
    let called = seat.desk.mentions().await?;
    // Only where nothing calls for anybody: whether that is so because nothing is there.
    let founds = seat.viewer.may(Action::EditClient) && morning.is_calm();
    let empty_firm = founds && seat.desk.clients(&ClientFilter::default()).await?.total == 0;
    let (filings, counts) = (seat.desk.filings().await?, seat.desk.filing_counts(None).await?);
    Ok(page(&seat.viewer, |v| {
        let l = v.lang;
        let import = v
            .may(Action::Import)
            .then(|| view! { <a class="btn main" href="/import">{icon("import")}{t::nav::import(l)}</a> });
        Sheet {
            room: Room::Today,
            title: dates::day_title(l, v.today.day),
            hint: t::today::week(l, v.today.day.iso_week().week()),
            actions: import.into_any(),
            body: view! {
                {mentions(v, &called)}
                {body(v, &morning, &off, crate::pages::today::terms::terms(v, &filings, &counts, &off), empty_firm)}
            }
            .into_any(),
        }
    }))
}

fn body(v: &Viewer, m: &Morning, off: &DaysOff, due: AnyView, empty_firm: bool) -> AnyView {
    let l = v.lang;
    let Some(sentence) = sentence(l, m) else {
        if empty_firm {
            let way = v.may(Action::Import).then(|| {
                view! { <a class="btn main" href="/import">{t::nav::import(l)}</a>
                <a class="btn" href="/import/sheet">{t::sheet::title(l)}</a> }
            });
            return empty(t::today::nothing_yet(l), t::today::nothing_yet_text(l), way.into_any());
        }
        let way = view! { <a class="btn" href="/calendar">{t::nav::calendar(l)}</a> }.into_any();
        return empty(t::today::calm(l), t::today::calm_text(l), way);
    };
    let mut near = m.cannot_sign.rows.iter().chain(&m.breaking.rows).chain(&m.ending.rows);
    let bulk = v.may(Action::WorkTask) && near.any(|c| c.can_be_reissued(v.today));
    let me = v.person.as_ref().map(|p| p.id.to_string()).unwrap_or_default();
    let (mine, others) = ("/tasks?view=mine&form=list", format!("/tasks?view=all&form=list&who={me}"));
    let mine = if v.may(Action::AssignTask) { others.as_str() } else { mine };
    let overdue = tasks(v, "overdue", t::today::overdue(l), "/tasks?view=overdue&form=list", &m.overdue);
    // Whoever has tasks of their own begins with these, everybody else with what is late with others.
    let (first, last) = if m.mine.rows.is_empty() { (Some(overdue), None) } else { (None, Some(overdue)) };
    view! {
        {sentence}
        <div class="cols">
            <div class="stack">
                {tasks(v, "mine", t::today::mine(l), mine, &m.mine)}{first}
                {certificates(v, t::today::cannot_sign(l), &late_list(v), "late", &m.cannot_sign, off)}
                {certificates(v, t::today::breaking(l), &risk_list(v), "risk", &m.breaking, off)}
                {certificates(v, t::today::ending(l), &ending_list(v), "ending", &m.ending, off)}
                {bulk.then(|| crate::pages::calendar::many(v))}
                {last}
            </div>
            <div class="stack">{to_settle(v, m)}{load(v, &m.loads)}{waiting(v, &m.waiting)}{unassigned(v, &m.unassigned)}
                {crate::pages::today::risks::risks(v, m)}{due}</div>
        </div>
    }
    .into_any()
}

/// A clause of the sentence: how many, where its link leads, whether it is red, its words with the link in ‹›.
type Clause = (&'static str, u64, &'static str, bool, fn(Lang, i64) -> String);

const CLAUSES: [Clause; 6] = [
    ("%mine%", 0, "#mine", false, t::today::n_mine),
    ("%overdue%", 0, "#overdue", true, t::today::n_overdue),
    ("%cannot%", 0, "#late", true, t::today::n_cannot_sign),
    ("%breaking%", 0, "#risk", true, t::today::n_breaking),
    ("%ending%", 0, "#ending", false, t::today::n_ending),
    ("%unassigned%", 0, "#unassigned", false, t::today::n_unassigned),
];

/// A piece of the sentence.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Link { href: &'static str, red: bool, text: String },
}

/// One template for each language: clauses in brackets, a clause of nothing is left out. None where all is calm.
fn pieces(l: Lang, counts: [u64; 6]) -> Option<Vec<Piece>> {
    let mut out: Vec<Piece> = Vec::new();
    let mut fresh = true;
    let plain = |out: &mut Vec<Piece>, text: &str, fresh: &mut bool| {
        let text = if *fresh { text.trim_start_matches([',', '.', ' ']) } else { text };
        if text.is_empty() {
            return;
        }
        let mut letters = text.chars();
        let text = match letters.next() {
            Some(first) if *fresh => first.to_uppercase().chain(letters).collect(),
            _ => text.to_owned(),
        };
        *fresh = text.trim_end().ends_with('.');
        out.push(Piece::Text(text));
    };
    for part in t::today::sentence(l).split(['[', ']']) {
        let Some((clause, n)) = CLAUSES.iter().zip(counts).find(|(c, _)| part.contains(c.0)) else {
            if !out.is_empty() {
                plain(&mut out, part, &mut fresh);
            }
            continue;
        };
        if n == 0 {
            continue;
        }
        let words = (clause.4)(l, i64::try_from(n).unwrap_or(i64::MAX));
        let whole = held(&part.replace(clause.0, &words));
        let (before, rest) = whole.split_once('‹').unwrap_or((&whole, ""));
        let (link, after) = rest.split_once('›').unwrap_or((rest, ""));
        // A second sentence begins after a full stop, whatever stands in the template before it.
        if before.starts_with(' ') && !out.is_empty() {
            fresh = true;
            plain(&mut out, " ", &mut false);
        }
        plain(&mut out, before, &mut fresh);
        out.push(Piece::Link { href: clause.2, red: clause.3, text: link.to_owned() });
        fresh = false;
        plain(&mut out, after, &mut fresh);
    }
    (!out.is_empty()).then_some(out)
}

/// A number and the word behind it do not part at the end of a line.
fn held(text: &str) -> String {
    let mut before = ' ';
    let hold = |c: char| {
        let held = if c == ' ' && before.is_ascii_digit() { '\u{a0}' } else { c };
        before = c;
        held
    };
    text.chars().map(hold).collect()
}

fn counts(m: &Morning) -> [u64; 6] {
    [m.mine.total, m.overdue.total, m.cannot_sign.total, m.breaking.total, m.ending.total, m.unassigned.total]
}

/// The sentence in plain text. None where all is calm.
pub(crate) fn sentence_text(l: Lang, m: &Morning) -> Option<String> {
    let late = i64::try_from(m.mine_late).unwrap_or(i64::MAX);
    let text = |piece| match piece {
        Piece::Link { href: "#mine", text, .. } if late > 0 => format!("{text}{}", t::today::mine_late(l, late)),
        Piece::Text(text) | Piece::Link { text, .. } => text,
    };
    Some(pieces(l, counts(m))?.into_iter().map(text).collect())
}

fn sentence(l: Lang, m: &Morning) -> Option<AnyView> {
    let late = i64::try_from(m.mine_late).unwrap_or(i64::MAX);
    let pieces = pieces(l, counts(m))?.into_iter().map(|piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Link { href: href @ "#mine", text, .. } if late > 0 => {
            view! { <a href=href class="red">{text}</a>{t::today::mine_late(l, late)} }.into_any()
        }
        Piece::Link { href, red, text } => view! { <a href=href class=red.then_some("red")>{text}</a> }.into_any(),
    });
    Some(view! { <p class="morning">{pieces.collect_view()}</p> }.into_any())
}

/// The agenda of what would break a filing.
fn risk_list(v: &Viewer) -> String {
    format!("/calendar/agenda?standing=risk&from={}&until={}", v.today.day, plus(v.today.day, 60))
}

/// The agenda of what ends within 30 days and breaks nothing.
fn ending_list(v: &Viewer) -> String {
    format!(
        "/calendar/agenda?standing=month&from={}&until={}",
        v.today.day,
        plus(v.today.day, MONTH_DAYS.unsigned_abs())
    )
}

/// The agenda of what cannot be used: ends of the last years and of those to come.
fn late_list(v: &Viewer) -> String {
    let (from, until) = (minus(v.today.day, 1_500), plus(v.today.day, 1_500));
    format!("/calendar/agenda?standing=late&from={from}&until={until}")
}

pub(super) fn all(l: Lang, href: &str, shown: usize, total: u64) -> AnyView {
    let href = href.to_owned();
    (total > shown as u64)
        .then(|| view! { <a class="btn bare low all" href=href>{t::today::all(l, total)}</a> })
        .into_any()
}

/// What is to be put in order once, each with the way to it: clients of nobody, what ended long ago, old keys.
fn to_settle(v: &Viewer, m: &Morning) -> Option<AnyView> {
    let l = v.lang;
    let n = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let lines = [
        (
            "staff",
            "/clients?responsible=none",
            m.without_responsible,
            t::today::without_responsible(l, n(m.without_responsible)),
        ),
        ("hour", "/aside", m.long_ended, t::today::long_ended(l, n(m.long_ended))),
        ("key", "/old-keys", m.old_keys, t::today::old_keys(l, n(m.old_keys))),
    ];
    let lines: Vec<_> = lines
        .into_iter()
        .filter(|(.., count, _)| *count > 0)
        .map(|(name, href, _, text)| view! { <li>{icon(name)}<a href=href>{text}</a><span></span></li> })
        .collect();
    (!lines.is_empty()).then(|| {
        let body = view! { <ul class="terms icons">{lines}</ul> };
        view! { <div id="settle">{sheet(t::today::settle(l), None, ().into_any(), body.into_any())}</div> }.into_any()
    })
}

fn certificates(
    v: &Viewer,
    title: &str,
    href: &str,
    id: &'static str,
    list: &Listed<CertificateRow>,
    off: &DaysOff,
) -> AnyView {
    if list.rows.is_empty() {
        return ().into_any();
    }
    let count = usize::try_from(list.total).ok();
    let ticks = if v.may(Action::WorkTask) { Ticks::On("bulk", &[]) } else { Ticks::Off };
    let table = certificate_table(v, &list.rows, off, ticks);
    let shown = domain::certificate::in_sets(&list.rows, v.today).len();
    let l = v.lang;
    // Of two levels the worse one stands first, whoever signs with it.
    let level = |row: &CertificateRow| row.urgency(v.today);
    let one_level = list.rows.windows(2).all(|two| matches!(two, [a, b] if level(a) == level(b)));
    let order = (shown > 1 && one_level)
        .then(|| view! { <small class="mute p-hide pen">{icon("pen")}{t::today::order(l)}</small> });
    let way = view! { {order}{all(l, href, shown, list.total)} };
    let ticked = matches!(ticks, Ticks::On(..)) && list.rows.iter().any(|row| row.can_be_reissued(v.today));
    let ticked = ticked.then_some("ticked");
    view! { <div id=id class=ticked>{sheet(title, count, way.into_any(), table)}</div> }.into_any()
}

/// A short list beside: day, client, a word.
fn terms(
    id: &'static str,
    title: &str,
    way: AnyView,
    list: &Listed<TaskRow>,
    word: impl Fn(&TaskRow) -> (String, String),
) -> AnyView {
    if list.rows.is_empty() {
        return ().into_any();
    }
    let lines = list.rows.iter().map(|task| {
        let (day, word) = word(task);
        let name =
            task.clients.first().map_or_else(|| task.holder.clone(), |(_, name)| short_client(name).into_owned());
        view! { <li><span>{day}</span><a class="cut" href=format!("/tasks/{}", task.id) title=task.holder.clone()>{name}
        </a><span class="mute">{word}</span></li> }
    });
    let body = view! { <ul class="terms">{lines.collect_view()}</ul> };
    let count = usize::try_from(list.total).ok();
    view! { <div id=id>{sheet(title, count, way, body.into_any())}</div> }.into_any()
}

fn waiting(v: &Viewer, list: &Listed<TaskRow>) -> AnyView {
    let l = v.lang;
    let way = all(l, "/tasks?view=all&form=list&lane=waiting_owner", list.rows.len(), list.total);
    terms("waiting", t::today::waiting(l), way, list, |task| {
        let since = task.clock.waiting_since.unwrap_or(v.today.day);
        let days = days_between(since, v.today.day).max(0);
        match task.agreed {
            Some(at) => (dates::moment(l, at, v.today.day), String::new()),
            None => {
                let waits = if days > 0 { t::board::wait_days(l, days) } else { String::new() };
                (t::today::since(l, dates::short(l, since, v.today.day)), waits)
            }
        }
    })
}

fn unassigned(v: &Viewer, list: &Listed<TaskRow>) -> AnyView {
    let l = v.lang;
    let share = v
        .may(Action::AssignTask)
        .then(|| view! { <a class="btn bare low" href="/tasks/by-load?back=%2F">{t::share::by_load(l)}</a> });
    let way = view! { {all(l, "/tasks?view=unassigned&form=list", list.rows.len(), list.total)}{share} };
    terms("unassigned", t::today::unassigned(l), way.into_any(), list, |task| {
        let lost = if task.reason.takes_access() {
            crate::words::reason(l, task.reason).to_lowercase()
        } else {
            String::new()
        };
        (dates::near(l, task.clock.due, v.today.day), lost)
    })
}

/// Open tasks of each person, the most loaded first.
fn load(v: &Viewer, loads: &[Load]) -> AnyView {
    let l = v.lang;
    let mut busy: Vec<&Load> = loads.iter().filter(|p| p.person.active && p.tasks.open > 0).collect();
    busy.sort_by_key(|p| -p.tasks.open);
    let Some(most) = busy.first().map(|p| p.tasks.open) else { return ().into_any() };
    let lines = busy.iter().take(10).map(|p| {
        let label = t::task::count(l, p.tasks.open);
        let href = format!("/tasks?view=all&form=list&who={}", p.person.id);
        let late = (p.tasks.overdue > 0).then(|| view! { " · "<span class="over">{p.tasks.overdue}</span> });
        view! {
            <li>{avatar(Some(&p.person.name))}<a class="cut" href=href title=p.person.name.clone()>
                {short_name(&p.person.name)}</a>
                <meter min="0" max=most value=p.tasks.open aria-label=label></meter><span class="end num">{p.tasks.open}
                    {late}</span></li>
        }
    });
    let way = view! { <a class="btn bare low" href="/tasks?form=people">{t::today::by_load(l)}</a> };
    let body = view! { <ul class="load">{lines.collect_view()}</ul> };
    sheet(t::today::load(l), None, way.into_any(), body.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(l: Lang, counts: [u64; 6]) -> String {
        let pieces = pieces(l, counts).unwrap_or_default();
        pieces
            .iter()
            .map(|p| match p {
                Piece::Text(text) => text.clone(),
                Piece::Link { text, .. } => format!("<{text}>"),
            })
            .collect::<String>()
            .replace('\u{a0}', " ")
    }

    #[test]
    fn the_sentence_leaves_out_what_is_nothing_and_keeps_its_form() {
        assert_eq!(
            said(Lang::Ru, [2, 3, 1, 2, 5, 4]),
            "В ближайшие 7 дней ваши <2 задачи>, в команде просрочены <3 задачи>, непригодна <1 ЭЦП>, сорвут отчёт <2 ЭЦП>, за 30 дней истекают <5 ЭЦП>. Без исполнителя <4 задачи>."
        );
        assert_eq!(said(Lang::Ru, [0, 0, 0, 0, 1, 0]), "За 30 дней истекает <1 ЭЦП>.");
        assert_eq!(said(Lang::Ru, [0, 0, 0, 0, 0, 1]), "Без исполнителя <1 задача>.");
        assert_eq!(
            said(Lang::Kk, [0, 2, 0, 0, 0, 1]),
            "Командада <2 тапсырманың> мерзімі өтті. <1 тапсырманың> орындаушысы жоқ."
        );
        assert_eq!(
            said(Lang::En, [1, 1, 0, 0, 0, 2]),
            "Yours within 7 days: <1 task>, the team is late with <1 task>. <2 tasks> have no assignee."
        );
        assert_eq!(pieces(Lang::Ru, [0; 6]), None);
        assert_eq!(held("за 30 дней ‹5 ЭЦП›, и"), "за 30\u{a0}дней ‹5\u{a0}ЭЦП›, и");
    }
}
