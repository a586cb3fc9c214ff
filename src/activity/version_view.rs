//! How versions of an entry are told apart: field by field, before → after; and the form that lets somebody choose where
//! two people corrected the same version.

use super::{
    form,
    store::{Entry, Former},
};
use crate::{
    domain::{
        activity::{Draft, Status},
        catalogue::Catalogue,
        version::{self, Conflict, Part},
    },
    error::Result,
    locale::Locale,
    server::{clock, context::Ctx, db::Conn},
    ui::field::{Field, Form},
    unit,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What keys and codes are called where they are shown.
pub struct Names<'a> {
    pub locale: Locale,
    pub catalogue: &'a Catalogue,
    /// Units' short names by code; what lies outside the reader's scope keeps its code.
    pub units: &'a BTreeMap<String, String>,
}

/// Units' names by code, for telling versions apart.
pub async fn unit_names(conn: &mut Conn, ctx: &Ctx) -> Result<BTreeMap<String, String>> {
    let units = unit::store::all(conn, &ctx.scope()?).await?;
    Ok(units.into_iter().map(|unit| (unit.code, unit.short_name)).collect())
}

impl Names<'_> {
    /// What a part is called.
    fn part(&self, part: &Part) -> String {
        let locale = self.locale;
        match part {
            Part::Unit => locale.log_unit().into(),
            Part::Date => locale.log_date().into(),
            Part::DateTo => locale.log_date_to().into(),
            Part::Kind => locale.version_type().into(),
            Part::Count(key) => self
                .catalogue
                .measure(key)
                .map_or(key.clone(), |one| locale.name(&one.name, one.name_en.as_deref()).to_owned()),
            Part::Themes => locale.log_themes().into(),
            Part::Campaigns => locale.log_campaigns().into(),
            Part::Event => locale.entry_event().into(),
            Part::Classes => locale.log_classes().into(),
            Part::Covers => locale.entry_covers().into(),
            Part::Place => locale.log_place().into(),
            Part::Organiser => locale.log_organiser().into(),
            Part::CoOrganisers => locale.version_co_organisers().into(),
            Part::Handler => locale.log_handler().into(),
            Part::Note => locale.log_note().into(),
        }
    }

    /// Units by their codes, and offices by the names they were given.
    pub fn listed(&self, codes: &[String]) -> String {
        let names: Vec<String> = codes.iter().map(|code| self.unit(code)).collect();
        names.join(if self.locale == Locale::Zh { "、" } else { ", " })
    }

    fn unit(&self, code: &str) -> String {
        self.units.get(code).map_or(code, String::as_str).to_owned()
    }

    /// What a part is in a version; what is empty says so.
    fn value(&self, part: &Part, draft: &Draft) -> String {
        let locale = self.locale;
        let listed = |texts: Vec<String>| texts.join(if locale == Locale::Zh { "、" } else { ", " });
        let text = match part {
            Part::Unit => self.unit(&draft.unit),
            Part::Date => draft.date.to_string(),
            Part::DateTo => draft.date_to.map(|to| to.to_string()).unwrap_or_default(),
            Part::Kind => {
                let key = draft.kind.clone().unwrap_or_default();
                let found = self.catalogue.activity_type(&key);
                found.map_or(key, |one| locale.name(&one.name, one.name_en.as_deref()).to_owned())
            }
            Part::Count(key) => {
                let own = draft.quantities.iter().filter(|one| one.measure == *key);
                listed(own.map(|one| form::in_words(self.catalogue, one, locale)).collect())
            }
            Part::Themes => listed(
                draft
                    .themes
                    .iter()
                    .map(|key| {
                        let found = self.catalogue.theme(key);
                        found.map_or(key.clone(), |one| locale.name(&one.name, one.name_en.as_deref()).to_owned())
                    })
                    .collect(),
            ),
            Part::Campaigns => listed(draft.campaigns.clone()),
            Part::Event => draft.event.map(|_| locale.version_has_event().to_owned()).unwrap_or_default(),
            Part::Classes => listed(draft.classes.clone()),
            Part::Covers => self.listed(&draft.covers),
            Part::Place => draft.place.clone(),
            Part::Organiser => draft.organiser.clone(),
            Part::CoOrganisers => self.listed(&draft.co_organisers),
            Part::Handler => draft.handler.clone(),
            Part::Note => draft.note.clone(),
        };
        if text.is_empty() { locale.version_empty().into() } else { text }
    }
}

/// What changed from one version to the next: 宣传资料 200份 → 2000份.
pub fn difference(names: &Names<'_>, before: &Draft, after: &Draft) -> impl IntoView + use<> {
    let lines = version::changed(before, after)
        .into_iter()
        .map(|part| {
            let (name, was, is) = (names.part(&part), names.value(&part, before), names.value(&part, after));
            view! {
                <li>
                    <span class="muted">{name}</span>" "<del>{was}</del>" "<span aria-hidden="true">"→"</span>
                    <span class="visually-hidden">{names.locale.version_became()}</span>" "<ins>{is}</ins>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="difference">{lines}</ul> }
}

/// What was done to an entry, the last first: each change with who, when, why and what; reviews stand between them.
/// `reviews` are (when, line).
pub fn history(
    names: &Names<'_>,
    entry: &Entry,
    former: &[Former],
    reviews: Vec<(chrono::DateTime<chrono::Utc>, String)>,
) -> impl IntoView + use<> {
    let locale = names.locale;
    let mut lines: Vec<(chrono::DateTime<chrono::Utc>, AnyView)> = Vec::new();
    for (index, one) in former.iter().enumerate() {
        let next = index.checked_sub(1).and_then(|newer| former.get(newer));
        let after = next.map_or(&entry.draft, |next| &next.body);
        let status = next.map_or(entry.status.key(), |next| next.status.as_str());
        let withdrawn = Status::Withdrawn.key();
        let did = match (one.status == withdrawn, status == withdrawn) {
            (false, true) => locale.version_withdrew(),
            (true, false) => locale.version_restored(),
            _ => locale.version_corrected(),
        };
        let line =
            locale.version_line(clock::minute(one.replaced_at), did, &one.replaced_by, &one.reason, one.version + 1);
        let changes = difference(names, &one.body, after);
        lines.push((one.replaced_at, view! { <li><p>{line}</p>{changes}</li> }.into_any()));
    }
    for (at, line) in reviews {
        lines.push((at, view! { <li><p>{line}</p></li> }.into_any()));
    }
    // Stable: what was done in one transaction keeps its order.
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let first = locale.version_first(clock::minute(entry.entered_at), &entry.entered_by_name);
    let lines = lines.into_iter().map(|(_, line)| line).collect_view();
    view! {
        <section>
            <h2>{locale.version_history()}</h2>
            <ol class="history">{lines}<li><p>{first}</p></li></ol>
        </section>
    }
}

/// The name of the field that says whose part is taken, and the value that takes what stands now.
pub const PICK: &str = "pick.";
pub const NOW: &str = "now";

/// The form that is shown when somebody else changed the entry meanwhile: what both saw, what stands now and what was
/// typed, side by side; chosen field by field, and saved on the version of now by the entry's own form of a correction.
pub fn choose(
    ctx: &Ctx,
    names: &Names<'_>,
    base: &Draft,
    entry: &Entry,
    changed_by: &Former,
    typed: &Draft,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let who = &changed_by.replaced_by;
    let version = entry.version;
    let rows: Vec<_> = version::conflicts(base, &entry.draft, typed)
        .into_iter()
        .map(|one| row(names, &one, base, entry, who, typed))
        .collect();
    let how = if rows.is_empty() { locale.conflict_same() } else { locale.conflict_how() };
    let kept: Vec<_> = form::fields_of(typed)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let lead = locale.conflict_lead(clock::minute(changed_by.replaced_at), who, &changed_by.reason);
    let here = format!("/activities/{}", entry.draft.id);
    view! {
        <p class="lead">{lead}</p>
        <p>{how}</p>
        <Form class="form conflict" to=Some(format!("{here}/correct"))>
            <input type="hidden" name="version" value=version/>
            {kept}
            {rows}
            <Field name="reason" label=locale.entry_reason() required=true/>
            <div class="toolbar">
                <button class="primary" type="submit">{locale.conflict_save()}</button>
                <a class="button" href=here>{locale.conflict_leave()}</a>
            </div>
        </Form>
    }
}

fn row(
    names: &Names<'_>,
    one: &Conflict,
    base: &Draft,
    entry: &Entry,
    who: &str,
    typed: &Draft,
) -> impl IntoView + use<> {
    let locale = names.locale;
    let name = format!("{PICK}{}", one.part.name());
    let id = format!("f-{}", name.replace('.', "-"));
    let (now_id, mine_id) = (format!("{id}-now"), format!("{id}-mine"));
    let both = one.by_both.then(|| view! { " "<span class="tag warn">{locale.conflict_both()}</span> });
    view! {
        <fieldset class="choice-row">
            <legend>{names.part(&one.part)}{both}</legend>
            <p class="was"><span class="muted">{locale.conflict_was()}</span>" "{names.value(&one.part, base)}</p>
            <p class="pick">
                <input type="radio" id=now_id.clone() name=name.clone() value=NOW checked=one.untouched/>
                <label for=now_id><span class="muted">{locale.conflict_now(who)}</span>" "
                    <strong>{names.value(&one.part, &entry.draft)}</strong></label>
            </p>
            <p class="pick">
                <input type="radio" id=mine_id.clone() name=name value="mine" checked=!one.untouched/>
                <label for=mine_id><span class="muted">{locale.conflict_mine()}</span>" "
                    <strong>{names.value(&one.part, typed)}</strong></label>
            </p>
        </fieldset>
    }
}
