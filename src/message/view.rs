//! What the page shows: the field to paste into; the drafts, each beside the words it was read from.

use super::{action::Read, form};
use crate::{
    domain::{
        measure::Precision,
        message::{Entry, Mark, Why},
        unit::{Unit, UnitKind},
    },
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::{Form, NamedField, Problems, Select, TextArea},
};
use leptos::prelude::*;

/// The first step.
pub fn paste(locale: Locale) -> impl IntoView {
    view! {
        <Problems/>
        <Form action="read">
            <TextArea name="text" label=locale.message_text() hint=locale.message_hint() rows=10/>
            <p class="hint">{locale.message_example()}</p>
            <div><button class="primary" type="submit">{locale.message_read()}</button></div>
        </Form>
    }
}

/// The second step: every draft that was read.
pub fn drafts(ctx: &Ctx, read: &Read, form: &FormData) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let wrong = ctx.refused.as_ref().is_some_and(|refused| !refused.problems.is_empty());
    let chars: Vec<char> = read.text.chars().collect();
    let drafts = form::indexes(form)
        .into_iter()
        .map(|index| draft(ctx, read, form, index, read.reading.entries.get(index), &chars))
        .collect_view();
    let left_out: Vec<String> =
        read.reading.left_out.iter().map(|(start, end)| chars[*start..*end].iter().collect()).collect();
    let left_out = (!left_out.is_empty()).then(|| {
        let items = left_out.iter().map(|text| view! { <li class="words">{text.clone()}</li> }).collect_view();
        view! { <details><summary>{locale.message_left_out(left_out.len())}</summary><ul>{items}</ul></details> }
    });
    let text = read.text.clone();
    view! {
        {wrong.then(|| view! { <Problems/> })}
        <p class="hint">{locale.message_check_hint()}</p>
        <form method="post" class="message" novalidate=true>
            // The first button is the one that the Enter key means.
            <button type="submit" name="do" value="save" class="visually-hidden" tabindex="-1" aria-hidden="true"></button>
            <input type="hidden" name="read" value=text/>
            <ol class="drafts-read">{drafts}</ol>
            {left_out}
            <details>
                <summary>{locale.message_original()}</summary>
                <div class="form">
                    <TextArea name="text" label=locale.message_text() hint=locale.message_again_hint() rows=10/>
                    <div><button type="submit" name="do" value="read">{locale.message_read_again()}</button></div>
                </div>
            </details>
            <div class="savebar">
                <button type="submit" name="do" value="save" class="primary">{locale.message_save()}</button>
            </div>
        </form>
    }
}

/// One draft: its words with the doubtful ones marked, and its fields.
fn draft(
    ctx: &Ctx,
    read: &Read,
    form: &FormData,
    index: usize,
    entry: Option<&Entry>,
    chars: &[char],
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = |own: &str| form::field(index, own);
    let unit_name = |code: &str| {
        read.places.iter().find(|place| place.code == code).map_or(code.to_owned(), |place| place.short_name.clone())
    };
    let names = |codes: Vec<&str>| codes.into_iter().map(unit_name).collect::<Vec<_>>().join("、");
    let code = form.get(&name("unit"));
    let heading = match (code, entry.and_then(|entry| entry.foreign.clone())) {
        ("", Some(foreign)) => foreign,
        ("", None) => locale.message_unit_missing().to_owned(),
        (code, _) => unit_name(code),
    };
    let heading = format!("{} {heading}", index + 1);
    let keep = name("keep");
    let keep_id = crate::ui::field::id_of(&keep);
    let kept = form.get(&keep) == "1";
    let mut units = vec![(String::new(), locale.message_unit_missing().to_owned())];
    units.extend(read.units.iter().map(|unit| (unit.code.clone(), unit.short_name.clone())));
    let several = form.all(&name("units"));
    let covers = members(ctx, read, form, index, "covers", entry.is_some_and(|entry| !entry.covers.is_empty()));
    let units_named = members(ctx, read, form, index, "units", entry.is_some_and(|entry| !entry.units.is_empty()));
    let manner = (!several.is_empty()).then(|| manner(ctx, form, index, names(several)));
    let counts = form::rows(form, index).into_iter().map(|row| count(ctx, read, index, row)).collect_view();
    let marks = entry.map(|entry| entry.marks.clone()).unwrap_or_default();
    let doubts: Vec<String> = entry.map(|entry| doubts(locale, entry, chars)).unwrap_or_default();
    let has_doubts = !doubts.is_empty();
    let source = entry.map(|entry| source(chars, entry.start, entry.end, &marks));
    let id = form.get(&name("id")).to_owned();
    let today = ctx.today.to_string();
    view! {
        <li class="draft-read">
            <h2>{heading}</h2>
            <input type="hidden" name=name("id") value=id/>
            <div class="read-from">
                <p class="source" lang="zh-CN"><span class="visually-hidden">{locale.message_source()}": "</span>{source}</p>
                {has_doubts.then(|| view! {
                    <p class="doubts-title">{locale.message_doubts()}</p>
                    <ul class="doubts">{doubts.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                })}
            </div>
            <div class="read-as">
                <p class="check">
                    <input type="checkbox" id=keep_id.clone() name=keep value="1" checked=kept/>
                    <label for=keep_id>{locale.message_keep()}</label>
                </p>
                <div class="pair">
                    <Select name=name("unit") label=locale.log_unit() options=units/>
                    <NamedField name=name("date") kind="date" label=locale.log_date() max=today.clone()/>
                </div>
                {covers}
                {units_named}
                {manner}
                <fieldset class="counts-read"><legend>{locale.message_counts()}</legend>{counts}</fieldset>
                {more(ctx, read, form, index, today)}
            </div>
        </li>
    }
}

/// What is rarely changed.
fn more(ctx: &Ctx, read: &Read, form: &FormData, index: usize, today: String) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = |own: &str| form::field(index, own);
    let theme_name = |key: &str| {
        read.catalogue
            .theme(key)
            .map_or(key.to_owned(), |one| locale.name(&one.name, one.name_en.as_deref()).to_owned())
    };
    let theme = name("theme");
    let themes: Vec<(String, String)> =
        form.all(&theme).into_iter().map(|key| (key.to_owned(), theme_name(key))).collect();
    let chosen: Vec<String> = themes.iter().map(|(_, name)| name.clone()).collect();
    let chips = themes
        .iter()
        .enumerate()
        .map(|(place, (key, text))| {
            let id = format!("{}-{place}", crate::ui::field::id_of(&theme));
            view! {
                <span class="chip">
                    <input type="checkbox" id=id.clone() name=theme.clone() value=key.clone() checked=true/>
                    <label for=id>{text.clone()}</label>
                </span>
            }
        })
        .collect_view();
    let mut others = vec![(String::new(), locale.none().to_owned())];
    others.extend(
        read.catalogue
            .active_themes()
            .filter(|one| !themes.iter().any(|(key, _)| *key == one.key))
            .map(|one| (one.key.clone(), locale.name(&one.name, one.name_en.as_deref()).to_owned())),
    );
    let mut kinds = vec![(String::new(), locale.none().to_owned())];
    kinds.extend(
        read.catalogue
            .active_types()
            .map(|one| (one.key.clone(), locale.name(&one.name, one.name_en.as_deref()).to_owned())),
    );
    let kind = kinds.iter().find(|(key, _)| key == form.get(&name("type"))).map(|(_, name)| name.clone());
    let summary: Vec<String> =
        kind.into_iter().chain(chosen).chain(form.filled(&name("place")).map(str::to_owned)).collect();
    view! {
        <details>
            <summary>{locale.message_more()}" "<span class="muted">{summary.join(" · ")}</span></summary>
            <div class="stack">
                <Select name=name("type") label=locale.message_type() options=kinds/>
                <fieldset class="choices"><legend>{locale.log_themes()}</legend><div class="chips">{chips}</div></fieldset>
                <Select name=name("theme_more") label=locale.message_theme_more() options=others/>
                <NamedField name=name("date_to") kind="date" label=locale.log_date_to() max=today/>
                <NamedField name=name("place") label=locale.log_place()/>
                <NamedField name=name("note") label=locale.log_note()/>
            </div>
        </details>
    }
}

/// The villages that a draft is for, to take out and to add to.
fn members(
    ctx: &Ctx,
    read: &Read,
    form: &FormData,
    index: usize,
    own: &'static str,
    is_asked: bool,
) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let field = form::field(index, own);
    let chosen: Vec<String> = form.all(&field).into_iter().map(str::to_owned).collect();
    if chosen.is_empty() && !is_asked {
        return None;
    }
    let id = crate::ui::field::id_of(&field);
    let chips = chosen
        .iter()
        .enumerate()
        .map(|(place, code)| {
            let option = format!("{id}-{place}");
            let known = read.places.iter().find(|place| place.code == *code);
            let text = known.map_or(code.clone(), |place| place.short_name.clone());
            view! {
                <span class="chip">
                    <input type="checkbox" id=option.clone() name=field.clone() value=code.clone() checked=true/>
                    <label for=option>{text}</label>
                </span>
            }
        })
        .collect_view();
    let mut others = vec![(String::new(), locale.none().to_owned())];
    let is_village = |unit: &&Unit| unit.kind.answers_to(UnitKind::Village) && !chosen.contains(&unit.code);
    others.extend(read.units.iter().filter(is_village).map(|unit| (unit.code.clone(), unit.short_name.clone())));
    let legend = if own == "covers" { locale.message_together() } else { locale.message_named() };
    Some(view! {
        <fieldset class="choices"><legend>{legend}</legend><div class="chips">{chips}</div></fieldset>
        <Select name=format!("{field}_more") label=locale.message_member_more() options=others/>
    })
}

/// Each, or together?
fn manner(ctx: &Ctx, form: &FormData, index: usize, names: String) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let field = form::field(index, "manner");
    let id = crate::ui::field::id_of(&field);
    let problem = ctx.refused.as_ref().and_then(|refused| refused.problem(&field).map(str::to_owned));
    let wrong = problem.is_some();
    let chosen = form.get(&field).to_owned();
    let chips = [("each", locale.log_each()), ("together", locale.log_together())].map(|(key, text)| {
        let option = format!("{id}-{key}");
        view! {
            <span class="chip">
                <input type="radio" id=option.clone() name=field.clone() value=key checked=chosen == key/>
                <label for=option>{text}</label>
            </span>
        }
    });
    view! {
        <fieldset class="choices" class:wrong=wrong id=id>
            <legend>{locale.message_several(names)}</legend>
            <p class="hint">{locale.log_manner_hint()}</p>
            <div class="chips">{chips.collect_view()}</div>
            {problem.map(|text| view! { <p class="problem">{text}</p> })}
        </fieldset>
    }
}

/// A count: what, how many, how sure.
fn count(ctx: &Ctx, read: &Read, index: usize, row: usize) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = |part: &str| form::field(index, &format!("c.{row}.{part}"));
    let mut measures = vec![(String::new(), locale.message_add_measure().to_owned())];
    measures.extend(read.catalogue.active_measures().filter(|one| !one.is_stock).map(|one| {
        let own = locale.name(&one.name, one.name_en.as_deref());
        let unit_word = locale.name(&one.unit_word, one.unit_word_en.as_deref());
        (one.key.clone(), format!("{own}（{unit_word}）"))
    }));
    let precisions = vec![
        (Precision::Exact.key().to_owned(), locale.log_exact().to_owned()),
        (Precision::AtLeast.key().to_owned(), locale.log_at_least().to_owned()),
        (Precision::Estimate.key().to_owned(), locale.log_estimate().to_owned()),
    ];
    view! {
        <div class="count-read">
            <Select name=name("measure") label=locale.message_measure() options=measures/>
            <NamedField name=name("value") label=locale.message_value() kind="number" min="1" max="10000000"/>
            <Select name=name("precision") label=locale.message_precision() options=precisions/>
        </div>
    }
}

/// The words of a draft, the doubtful ones marked.
fn source(chars: &[char], start: usize, end: usize, marks: &[Mark]) -> Vec<AnyView> {
    let mut marks: Vec<Mark> = marks.iter().copied().filter(|mark| mark.start < mark.end).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let text = |start: usize, end: usize| chars[start..end].iter().collect::<String>();
    let mut pieces = Vec::new();
    let mut at = start;
    for mark in marks {
        // Two doubts about one number are marked once.
        if mark.start < at || mark.end > end {
            continue;
        }
        pieces.push(text(at, mark.start).into_any());
        pieces.push(view! { <mark>{text(mark.start, mark.end)}</mark> }.into_any());
        at = mark.end;
    }
    pieces.push(text(at, end).into_any());
    pieces
}

/// What is doubtful, in words.
fn doubts(locale: Locale, entry: &Entry, chars: &[char]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for mark in &entry.marks {
        let words: String = chars[mark.start..mark.end].iter().collect();
        let said = match mark.why {
            Why::Day if words.is_empty() => locale.message_why_no_day(entry.date),
            Why::Foreign => locale.message_why_foreign(entry.foreign.as_deref().unwrap_or_default()),
            Why::Day => locale.message_why_day(entry.date, words),
            why if words.is_empty() => reason(locale, why).to_owned(),
            why => locale.message_quoted(reason(locale, why), words),
        };
        if !all.contains(&said) {
            all.push(said);
        }
    }
    if entry.unit.is_none() && entry.foreign.is_none() && entry.units.is_empty() {
        all.push(locale.message_unit_asked().to_owned());
    }
    all
}

fn reason(locale: Locale, why: Why) -> &'static str {
    match why {
        Why::Vague => locale.message_why_vague(),
        Why::Upper => locale.message_why_upper(),
        Why::Range => locale.message_why_range(),
        Why::AndSome => locale.message_why_and_some(),
        Why::NoMeasure => locale.message_why_no_measure(),
        Why::NotCounted => locale.message_why_not_counted(),
        Why::OnlyMade => locale.message_why_only_made(),
        Why::UnitWord => locale.message_why_unit_word(),
        Why::ByUnitWord => locale.message_why_by_unit_word(),
        Why::TwoMeasures => locale.message_why_two_measures(),
        Why::Repeated => locale.message_why_repeated(),
        Why::PartOf => locale.message_why_part_of(),
        Why::Reckoned => locale.message_why_reckoned(),
        Why::PerDay => locale.message_why_per_day(),
        Why::OutOfRange => locale.message_why_out_of_range(),
        Why::Cumulative => locale.message_why_cumulative(),
        // Said with the day and with the unit's name.
        Why::Day | Why::Foreign => "",
        Why::Days => locale.message_why_days(),
        Why::OtherUnit => locale.message_why_other_unit(),
        Why::Villages => locale.message_why_villages(),
        Why::Manner => locale.message_why_manner(),
        Why::Near => locale.message_why_near(),
        Why::Unreadable => locale.message_why_unreadable(),
        Why::Aside => locale.message_why_aside(),
        Why::Once => locale.message_why_once(),
        Why::OnceADay => locale.message_why_once_a_day(),
        Why::NoCount => locale.message_why_no_count(),
        Why::SumLeftOut => locale.message_why_sum_left_out(),
        Why::Planned => locale.message_why_planned(),
        Why::UnknownUnit => locale.message_why_unknown_unit(),
        Why::NotEach => locale.message_why_not_each(),
    }
}
