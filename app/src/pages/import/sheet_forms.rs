//! What a spreadsheet brings in numbers, how its columns are read, and taking it in.

use super::sheet::address;
use crate::form::choices;
use crate::islands::FilterBar;
use crate::parts::icon;
use crate::seat::Viewer;
use crate::{text as t, words};
use domain::access::Action;
use domain::id::DraftId;
use domain::person::Lang;
use domain::refusal::Rule;
use domain::sheet::{Column, DateOrder, RowPlan, SeveralDates, SheetPreview};
use leptos::prelude::*;

pub(super) fn counts(l: Lang, p: &SheetPreview) -> AnyView {
    let n = |fits: &dyn Fn(&RowPlan) -> bool| i64::try_from(p.plans.iter().filter(|p| fits(p)).count()).unwrap_or(0);
    let mut numbers = std::collections::HashSet::new();
    let at = p.mapping.at(Column::Number);
    for (cells, plan) in p.sheet.rows.iter().zip(&p.plans) {
        if let (RowPlan::Changes { client: None, .. }, Some(number)) = (plan, at.and_then(|n| cells.get(n))) {
            numbers.insert(number.trim());
        }
    }
    let new = i64::try_from(numbers.len()).unwrap_or(0);
    let typed = n(&|p| matches!(p, RowPlan::Changes { typed: true, .. }));
    let known = n(&|p| matches!(p, RowPlan::Known(..)));
    let asks = |p: &RowPlan| matches!(p, RowPlan::Fault((_, Rule::SeveralDates | Rule::DateOrder)));
    let failed = n(&|p| matches!(p, RowPlan::Fault(_)) && !asks(p));
    let asked = n(&asks);
    let parts = [
        (asked, t::sheet::n_asked(l, asked)),
        (new, t::sheet::n_new(l, new)),
        (typed, t::sheet::n_typed(l, typed)),
        (known, t::sheet::n_known(l, known)),
        (failed, t::sheet::n_failed(l, failed)),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, said)| said).collect();
    view! { <p class="morning">{parts.join(" · ")}</p> }.into_any()
}

pub(super) fn mapping_form(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
    let l = v.lang;
    let fields = p.sheet.titles.iter().zip(&p.mapping.columns).enumerate().map(|(n, (title, column))| {
        let label = if title.is_empty() { t::sheet::column(l, n + 1) } else { title.clone() };
        let options = Column::ALL.iter().map(|c| (c.code().to_owned(), words::column(l, *c).to_owned())).collect();
        let example = p.sheet.rows.iter().filter_map(|r| r.get(n)).find(|c| !c.is_empty()).cloned().unwrap_or_default();
        let id = format!("f-c{n}");
        let class = if *column == Column::Ignore { "pick" } else { "pick set" };
        view! { <div class="field"><label for=id.clone()>{label}</label><select class=class id=id name="c">
        {choices(column.code(), options)}</select><span class="hint cut">{example}</span></div> }
    });
    let dated = p.mapping.at(Column::LastDay).is_some();
    let order = dated.then(|| {
        let options =
            DateOrder::ALL.iter().map(|o| (o.code().to_owned(), words::date_order(l, *o).to_owned())).collect();
        let chosen = p.mapping.order.map(DateOrder::code).unwrap_or_default();
        let class = if p.mapping.order.is_some() { "field" } else { "field ask" };
        view! { <div class=class><label for="f-order">{t::sheet::order(l)}</label>
        <select class="pick" id="f-order" name="order">{choices(chosen, options)}</select></div> }
    });
    view! {
        <form class="pad mapping" action=format!("/import/sheet/{draft}")>{fields.collect_view()}{order}{several(l, p)}
            <FilterBar label=t::sheet::again(l).to_owned()/></form>
    }
    .into_any()
}

/// Which days of an owner with several are taken, where the file has such.
fn several(l: Lang, p: &SheetPreview) -> Option<AnyView> {
    let asked = p.plans.iter().any(|plan| matches!(plan, RowPlan::Fault((_, Rule::SeveralDates))));
    if !asked && p.mapping.several.is_none() {
        return None;
    }
    let mut options = vec![(String::new(), "—".to_owned())];
    options.extend(SeveralDates::ALL.iter().map(|s| (s.code().to_owned(), words::several_dates(l, *s).to_owned())));
    let chosen = p.mapping.several.map(SeveralDates::code).unwrap_or_default();
    let class = if p.mapping.several.is_some() { "field" } else { "field ask" };
    Some(
        view! { <div class=class><label for="f-several">{t::sheet::several(l)}</label>
        <select class="pick" id="f-several" name="several">{choices(chosen, options)}</select></div> }
        .into_any(),
    )
}

pub(super) fn accept_form(v: &Viewer, draft: DraftId, p: &SheetPreview) -> AnyView {
    let l = v.lang;
    let several = p.plans.iter().any(|p| matches!(p, RowPlan::Fault((_, Rule::SeveralDates))));
    // What is asked is answered first.
    let any = !several && p.plans.iter().any(|p| matches!(p, RowPlan::Changes { .. }));
    let failed = p.plans.iter().any(|p| matches!(p, RowPlan::Fault(_)));
    let columns = p.mapping.columns.iter().map(|c| view! { <input type="hidden" name="c" value=c.code()/> });
    let order = p.mapping.order.map(|order| view! { <input type="hidden" name="order" value=order.code()/> });
    let unread = p.plans.iter().any(|p| matches!(p, RowPlan::Fault((_, Rule::DateOrder))));
    let nothing = match (unread, several) {
        (true, _) => t::sheet::order_first(l),
        (false, true) => t::sheet::several_first(l),
        (false, false) => t::sheet::nothing(l),
    };
    let dates = p.mapping.several.map(|dates| view! { <input type="hidden" name="several" value=dates.code()/> });
    let shown = view! { <input type="hidden" name="shown" value=p.mapping.shown.clone()/> };
    let hidden = view! { {columns.collect_view()}{order}{dates}{shown} }.into_any();
    let file = address(&format!("/import/sheet/{draft}/failed.csv"), &p.mapping);
    view! {
        <div class="line wrap">
            {if any {
                view! { <form method="post" action=format!("/import/sheet/{draft}")>{hidden}<button class="btn main">
                    {t::sheet::accept(l)}</button></form> }.into_any()
            } else {
                view! { <span class="mute">{nothing}</span>{further(v, p)} }.into_any()
            }}
            {failed.then(|| view! { <a class="btn" href=file download="">{icon("old")}{t::sheet::failed_file(l)}</a> })}
        </div>
    }
    .into_any()
}

/// Where one goes on to from a sheet whose lines are all in the register.
fn further(v: &Viewer, p: &SheetPreview) -> Option<AnyView> {
    let l = v.lang;
    let known = p.plans.iter().any(|plan| matches!(plan, RowPlan::Known(..)));
    let give = v.may(Action::AssignClient).then(|| {
        view! { <a class="btn" href="/clients?responsible=none">{t::import::give_responsibles(l)}</a> }
    });
    known.then(|| {
        view! { <a class="btn main" href="/calendar">{t::import::to_calendar(l)}</a>{give}
        <a class="btn" href="/import">{t::import::recent(l)}</a> }
        .into_any()
    })
}
