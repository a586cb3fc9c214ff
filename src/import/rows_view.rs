//! The rows that would be stored: each may be left out, one that stands twice taken in, and a question about it answered.

use super::{
    action::Preview,
    examine::{Shown, Window, place_name},
    plan::Choices,
    show_page::stacked,
    store::Import,
};
use crate::{
    activity::form::figures_in_words,
    locale::Locale,
    server::{context::Ctx, form::FormData},
};
use leptos::prelude::*;

/// Problems and rows on one page.
pub const SHOWN: usize = 100;
/// The form that holds the ticks and the button that stores.
pub const FORM: &str = "import-rows";
/// The most rows that are settled one by one, and the longest answer.
const MOST_TICKS: usize = 20_000;
const LONGEST_ANSWER: usize = 500;

/// What was settled, with the ticks and answers of the rows that a form shows.
pub fn ticked(form: &FormData, former: &Choices) -> Choices {
    let mut choices = former.clone();
    for (row, kind) in form.with_prefix("seen.").take(SHOWN) {
        let is_known =
            row.split_once('.').is_some_and(|(sheet, row)| sheet.parse::<u16>().is_ok() && row.parse::<u32>().is_ok());
        let is_full = choices.taken.len() + choices.left.len() + choices.answers.len() >= MOST_TICKS;
        if !is_known || is_full {
            continue;
        }
        let answer: String = form.get(&format!("answer.{row}")).trim().chars().take(LONGEST_ANSWER).collect();
        choices.tick(row, kind == "same", form.get(&format!("row.{row}")) == "1", &answer);
    }
    if form.has("at_root_asked") {
        choices.at_root = form.get("at_root") == "1";
    }
    choices
}

/// What is to be known before anything is stored: rows left out, rows that are asked about, rows without a unit.
pub fn notices(ctx: &Ctx, import: &Import, preview: &Preview) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let findings = &preview.findings;
    let left = (findings.left > 0).then(|| view! { <p>{locale.import_left(findings.left)}</p> });
    let asked = (findings.asked.0 > 0).then(|| view! { <p>{locale.import_asked(findings.asked.0)}</p> });
    let problem = ctx.refused.as_ref().and_then(|refused| refused.problem("at_root").map(str::to_owned));
    let unplaced = (findings.unplaced.0 > 0).then(|| {
        let words = locale.import_unplaced(findings.unplaced.0, &preview.ground.unit.short_name);
        let wrong = problem.is_some();
        let chosen = ctx.refused.as_ref().map_or(import.choices.at_root, |refused| refused.form.get("at_root") == "1");
        view! {
            <div class="notice" class:wrong=wrong>
                <p>{words}</p>
                <p class="check">
                    <input type="hidden" form=FORM name="at_root_asked" value="1"/>
                    <input type="checkbox" id="f-at_root" form=FORM name="at_root" value="1" checked=chosen
                        aria-invalid=wrong.then_some("true")/>
                    <label for="f-at_root">{locale.import_at_root(&preview.ground.unit.short_name)}</label>
                </p>
                {problem.map(|text| view! { <p class="problem">{text}</p> })}
            </div>
        }
    });
    view! { {left} {asked} {unplaced} }
}

/// The rows, each with its box; the form that stores stands around them.
pub fn table(ctx: &Ctx, preview: &Preview, window: &Window) -> AnyView {
    let locale = ctx.locale;
    let findings = &preview.findings;
    let mode = if findings.counts.refused == 0 { "all" } else { "good" };
    let rows_form = view! {
        <input type="hidden" name="mode" value=mode/>
        <input type="hidden" name="query" value=ctx.query.with("do", None)/>
    };
    if findings.shown.is_empty() {
        return view! { <form method="post" id=FORM>{rows_form}</form> }.into_any();
    }
    let rows = findings.shown.iter().map(|shown| row(locale, preview, shown)).collect_view();
    let heads = [
        locale.import_place(),
        locale.import_field_date(),
        locale.import_field_unit(),
        locale.import_figures(),
        locale.import_field_type(),
        locale.import_rest(),
    ];
    let all = usize::try_from(findings.counts.accepted + findings.counts.already).unwrap_or_default();
    let all = all + findings.left;
    let more = pages(ctx, "rows", window.rows.start, all);
    view! {
        <section>
            <h2>{locale.import_rows_title()}</h2>
            <p class="hint">{locale.import_rows_hint_ticks()}</p>
            <form method="post" id=FORM>
                {rows_form}
                {stacked(locale.import_rows_caption().to_owned(), &heads, rows.into_any())}
                <div><button type="submit" name="do" value="ticks">{locale.import_ticks_save()}</button></div>
            </form>
            {more}
        </section>
    }
    .into_any()
}

fn row(locale: Locale, preview: &Preview, shown: &Shown) -> impl IntoView + use<> {
    let draft = &shown.draft;
    let catalogue = &preview.ground.catalogue;
    let kind = draft.kind.as_deref().and_then(|key| catalogue.activity_type(key));
    let kind = kind.map(|kind| locale.name(&kind.name, kind.name_en.as_deref()).to_owned());
    let days = match draft.date_to {
        Some(to) => format!("{} – {to}", draft.date),
        None => draft.date.to_string(),
    };
    let themes = draft.themes.iter().filter_map(|key| catalogue.theme(key));
    let themes = themes.map(|theme| locale.name(&theme.name, theme.name_en.as_deref()).to_owned());
    let campaigns =
        draft.campaigns.iter().filter_map(|key| preview.ground.campaigns.iter().find(|one| one.key == *key));
    let texts = [&draft.place, &draft.organiser, &draft.handler, &draft.note].map(String::clone);
    let rest: Vec<String> =
        themes.chain(campaigns.map(|one| one.title.clone())).chain(texts).filter(|text| !text.is_empty()).collect();
    let unit = match shown.entries {
        1 if draft.covers.is_empty() => shown.unit.clone(),
        1 => locale.import_together(draft.covers.len(), &shown.unit),
        entries => locale.import_each(entries),
    };
    let place = place_name(&shown.sheet, &locale.import_row(shown.row));
    view! {
        <tr>
            <th scope="row" data-label=locale.import_place()>{tick(shown, place)}</th>
            <td data-label=locale.import_field_date()>{days}</td>
            <td data-label=locale.import_field_unit()>{unit}</td>
            <td data-label=locale.import_figures()>{figures_in_words(catalogue, draft, locale)}</td>
            <td data-label=locale.import_field_type()>{kind}</td>
            <td data-label=locale.import_rest()>
                {rest.join(if locale == Locale::Zh { "；" } else { "; " })}
                {asked(locale, shown)}
                {shown.already.then(|| view! { " "<span class="tag quiet">{locale.import_there()}</span> })}
            </td>
        </tr>
    }
}

/// Where a row stands, with the box that takes it in; what is there already needs none.
fn tick(shown: &Shown, place: String) -> AnyView {
    if shown.already {
        return view! { {place} }.into_any();
    }
    let (name, seen) = (format!("row.{}", shown.key), format!("seen.{}", shown.key));
    let id = format!("f-row-{}", shown.key.replace('.', "-"));
    let kind = if shown.same_as.is_some() { "same" } else { "row" };
    view! {
        <span class="check">
            <input type="hidden" name=seen value=kind/>
            <input type="checkbox" id=id.clone() name=name value="1" checked=shown.ticked/>
            <label for=id>{place}</label>
        </span>
    }
    .into_any()
}

/// What is asked about a row, with a line to answer in; and whether it stands twice.
fn asked(locale: Locale, shown: &Shown) -> impl IntoView + use<> {
    let same = shown.same_as.map(|row| view! { " "<span class="tag warn">{locale.import_same(row)}</span> });
    let words = shown.asked.join(" ");
    let answer = (!shown.asked.is_empty()).then(|| {
        let name = format!("answer.{}", shown.key);
        view! {
            <p class="asked-row">
                {words.clone()}
                <input type="text" name=name value=shown.answer.clone() aria-label=words.clone() placeholder=locale.import_answer()/>
            </p>
        }
    });
    view! { {same} {answer} }
}

/// Links to the part before and behind.
pub fn pages(ctx: &Ctx, name: &str, start: usize, all: usize) -> AnyView {
    let locale = ctx.locale;
    let link = |start: usize| format!("{}?{}", ctx.path, ctx.query.with(name, Some(&start.to_string())));
    let before = (start > 0).then(|| link(start.saturating_sub(SHOWN)));
    let behind = (start + SHOWN < all).then(|| link(start + SHOWN));
    if before.is_none() && behind.is_none() {
        return ().into_any();
    }
    let label = format!("{}–{} / {all}", start + 1, (start + SHOWN).min(all));
    let name = label.clone();
    view! {
        <nav class="pages" aria-label=name>
            {before.map(|address| view! { <a class="button" rel="prev" href=address>{locale.import_before()}</a> })}
            <span>{label}</span>
            {behind.map(|address| view! { <a class="button" rel="next" href=address>{locale.import_behind()}</a> })}
        </nav>
    }
    .into_any()
}
