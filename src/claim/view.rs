//! What a check found: the draft with each figure marked, the table of figures with what is logged, and the corrected draft.

use super::{
    action::{Against, Checked, Figure},
    words,
};
use crate::{
    domain::{
        claim::{Subject, Why, verdict::Verdict},
        measure::Total,
        wording::grouped,
    },
    locale::Locale,
    server::form::FormData,
    ui::copy::{CopyText, InWeChat},
};
use leptos::prelude::*;

/// The whole result.
pub fn result(locale: Locale, checked: &Checked) -> AnyView {
    let chars: Vec<char> = checked.text.chars().collect();
    if checked.figures.is_empty() {
        return view! { <p class="empty" role="status">{locale.claim_none()}</p> }.into_any();
    }
    let counts = [Verdict::HigherThanLogged, Verdict::Unknown, Verdict::Supported].map(|verdict| {
        let count = checked.count(verdict);
        let words = view! { <span class=class(verdict)>{sign(verdict)}" "{name(locale, verdict)}</span>" "<strong>{count}</strong> };
        // To the first one of them.
        match checked.figures.iter().position(|figure| figure.verdict == verdict) {
            Some(first) => view! { <li><a href=format!("#c-{}", first + 1)>{words}</a></li> }.into_any(),
            None => view! { <li>{words}</li> }.into_any(),
        }
    });
    let corrected = checked.figures.iter().any(Figure::is_wrong).then(|| {
        view! {
            <section class="copy">
                <h2>{locale.claim_corrected()}</h2>
                <InWeChat/>
                <CopyText id="corrected" label=locale.claim_corrected_label() hint=locale.claim_corrected_hint()
                    text=checked.corrected()/>
            </section>
        }
    });
    view! {
        <p class="lead" role="status">
            {locale.claim_found(checked.figures.len(), &checked.unit.short_name, checked.year)}
        </p>
        <ul class="claim-counts">{counts.collect_view()}</ul>
        <section>
            <h2>{locale.claim_draft()}</h2>
            <div class="claim-draft" lang="zh-CN" tabindex="0" role="region" aria-label=locale.claim_draft()>
                {marked(locale, checked, &chars)}
            </div>
        </section>
        {table(locale, checked)}
        {corrected}
    }
    .into_any()
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "claim supported",
        Verdict::HigherThanLogged => "claim higher",
        Verdict::Unknown => "claim unknown",
    }
}

/// The shape of a verdict: a reader who sees no colours tells them apart.
fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "✓",
        Verdict::HigherThanLogged => "▲",
        Verdict::Unknown => "?",
    }
}

fn name(locale: Locale, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => locale.claim_supported(),
        Verdict::HigherThanLogged => locale.claim_higher(),
        Verdict::Unknown => locale.claim_unknown(),
    }
}

/// The draft, each figure a link to its row.
fn marked(locale: Locale, checked: &Checked, chars: &[char]) -> Vec<AnyView> {
    let text = |start: usize, end: usize| chars[start..end].iter().collect::<String>();
    let (mut pieces, mut place) = (Vec::new(), 0);
    for (index, figure) in checked.figures.iter().enumerate() {
        pieces.push(text(place, figure.claim.start).into_any());
        let (row, title) = (format!("#c-{}", index + 1), name(locale, figure.verdict));
        let words = figure.text.clone();
        pieces.push(
            view! {
                <a class=class(figure.verdict) href=row title=title>
                    <span aria-hidden="true">{sign(figure.verdict)}</span>{words}
                    <span class="visually-hidden">"（"{title}"）"</span>
                </a>
            }
            .into_any(),
        );
        place = figure.claim.end;
    }
    pieces.push(text(place, chars.len()).into_any());
    pieces
}

fn table(locale: Locale, checked: &Checked) -> AnyView {
    let rows = checked.figures.iter().enumerate().map(|(index, figure)| row(locale, checked, index, figure));
    let rows = rows.collect_view();
    let heads = [
        locale.claim_number(),
        locale.report_measure(),
        locale.claim_logged(),
        locale.claim_verdict(),
        locale.claim_proposed(),
        locale.claim_records(),
    ]
    .map(|text| view! { <th scope="col">{text}</th> })
    .collect_view();
    let caption = locale.claim_caption(&checked.unit.short_name, checked.year);
    let label = caption.clone();
    view! {
        <section>
            <h2>{locale.claim_table()}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=label>
                <table class="table claims">
                    <caption>{caption}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(locale: Locale, checked: &Checked, index: usize, figure: &Figure) -> AnyView {
    let measure = match figure.claim.subject {
        Subject::Campaigns => locale.claim_campaigns().to_owned(),
        Subject::Activities { .. } => locale.claim_of_activities().to_owned(),
        _ => {
            let names = figure.measures.iter().map(|one| locale.name(&one.name, one.name_en.as_deref()));
            let names = names.collect::<Vec<_>>().join(locale.claim_and());
            match figure.claim.subject {
                Subject::Growth { .. } => locale.claim_growth_of(names),
                _ => names,
            }
        }
    };
    let logged = figure.logged.map(|total| logged(locale, total));
    let verdict = figure.verdict;
    let (why, notes) = (words::why(locale, figure), words::notes(locale, checked, figure));
    let proposed = match (&figure.proposed, figure.verdict) {
        (Some(words), _) => words.clone(),
        (None, Verdict::HigherThanLogged) => locale.claim_leave_out().to_owned(),
        (None, _) => "—".to_owned(),
    };
    let measure = if measure.is_empty() { "—".to_owned() } else { measure };
    // On a phone a field without anything is left out.
    let none = |words: &str| (words == "—").then_some("none");
    let (no_measure, no_proposal) = (none(&measure), none(&proposed));
    let nothing_logged = (logged.is_none() && notes.is_empty()).then_some("none");
    view! {
        <tr id=format!("c-{}", index + 1)>
            <th scope="row" lang="zh-CN">{figure.text.clone()}</th>
            <td class=no_measure data-label=locale.report_measure()>{measure}</td>
            <td class=nothing_logged data-label=locale.claim_logged()>{logged.unwrap_or_else(|| "—".into())}{notes.into_iter().map(|words| view! { <br/><small class="hint">{words}</small> }).collect_view()}</td>
            <td data-label=locale.claim_verdict()>
                <span class=class(verdict)>{sign(verdict)}" "{name(locale, verdict)}</span>
                {why.map(|words| view! { <br/><small class="hint">{words}</small> })}
            </td>
            <td class=no_proposal lang="zh-CN" data-label=locale.claim_proposed()>{proposed}</td>
            <td data-label=locale.claim_records()>{records(locale, checked, figure)}</td>
        </tr>
    }
    .into_any()
}

/// 156 · 确数150，以上6
fn logged(locale: Locale, total: Total) -> String {
    let parts = [
        (locale.report_part_exact(), total.exact),
        (locale.report_part_at_least(), total.at_least),
        (locale.report_part_estimate(), total.estimate),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(_, value)| *value > 0)
        .map(|(name, value)| format!("{name} {}", grouped(*value)))
        .collect();
    match told.len() {
        0 => "0".into(),
        1 if total.exact > 0 => grouped(total.exact),
        _ => locale.claim_logged_parts(told.join(locale.claim_and()), grouped(total.total())),
    }
}

/// The fields of the ledger's page that narrow it to what a figure was held against.
fn narrowed<'a>(against: &'a Against, from: &'a str, to: &'a str) -> Vec<(&'static str, &'a str)> {
    let mut fields = vec![("from", from), ("to", to)];
    fields.extend(against.theme.as_ref().map(|one| ("theme", one.key.as_str())));
    fields.extend(against.campaign.as_ref().map(|one| ("campaign", one.key.as_str())));
    fields.extend(against.kind.map(|kind| ("kind", kind.key())));
    fields
}

/// Links to what the figure is the sum of.
fn records(locale: Locale, checked: &Checked, figure: &Figure) -> AnyView {
    let against = &figure.against;
    let unit = against.unit.as_ref().map_or(checked.unit.code.as_str(), |unit| unit.code.as_str());
    let of = |path: &str, fields: &[(&str, &str)]| {
        let fields = [("unit", unit)].into_iter().chain(fields.iter().copied());
        format!("{path}?{}", FormData::from_pairs(fields).with("", None))
    };
    let year = checked.year.to_string();
    let (from, to) = (against.period.from.to_string(), against.period.to.to_string());
    let mut links: Vec<(String, String)> = Vec::new();
    match (&figure.claim.subject, figure.why) {
        (Subject::Campaigns, _) => {
            links.push((of("/campaigns", &[("year", &year)]), locale.claim_campaigns().to_owned()));
        }
        (Subject::Activities { .. }, _) => {
            let fields = narrowed(against, &from, &to);
            links.push((of("/activities", &fields), locale.claim_of_activities().to_owned()));
        }
        (_, Some(Why::Share)) => links.push((of("/goals", &[("as_of", &to)]), locale.claim_goals().to_owned())),
        _ => {}
    }
    for measure in &figure.measures {
        let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
        links.push(match measure.is_stock {
            true => (of("/stocks", &[("measure", &measure.key)]), name),
            false => {
                let mut fields = narrowed(against, &from, &to);
                fields.insert(2, ("measure", measure.key.as_str()));
                (of("/activities", &fields), name)
            }
        });
    }
    if links.is_empty() {
        return "—".into_any();
    }
    let activities = figure.logged.map(|total| total.activities).filter(|count| *count > 0);
    let single = links.len() == 1;
    links
        .into_iter()
        .map(|(address, name)| {
            let text = match activities.filter(|_| single) {
                Some(count) => locale.claim_activities(count),
                None => name,
            };
            view! { <a href=address>{text}</a>" " }
        })
        .collect_view()
        .into_any()
}
